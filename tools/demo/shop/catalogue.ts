export interface CatalogueArticle {
  readonly sku: string;
  readonly unitCents: number;
  /** Goods at the opening. */
  readonly quantity: number;
}

const KINDS = ['tea', 'coffee', 'cocoa', 'honey', 'jam', 'cup', 'pot', 'kettle', 'filter', 'spoon'];
const GRADES = ['small', 'plain', 'large', 'fine'];

/** Forty articles. The rare ones run out now and then, so that some orders have to be refused. */
export const CATALOGUE: readonly CatalogueArticle[] = KINDS.flatMap((kind, k) =>
  GRADES.map((grade, g) => ({
    sku: `${kind}-${grade}`,
    unitCents: 250 + 130 * k + 90 * g,
    quantity: grade === 'fine' ? 30 : 100,
  })),
);
