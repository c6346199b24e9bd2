import { readFileSync } from 'node:fs';
import type { Dependency } from '#libs/formats/schema';

/** A schema of ours and what Avro 1.12.1 for Java made of it. */
export interface GoldenSchema {
  readonly name: string;
  readonly schema: string;
  readonly references?: readonly string[];
  readonly refused?: true;
  readonly canonical: string;
  /** Where it differs from the canonical text. */
  readonly resolved?: string;
  /** Of the type at the root, when Java takes it for valid. */
  readonly logicalType?: string;
  /** False where Java refuses the schema once defaults are checked. */
  readonly strict?: false;
}

const FILE = new URL('canonical-text.golden.json', import.meta.url);
export const GOLDEN = JSON.parse(readFileSync(FILE, 'utf8')) as readonly GoldenSchema[];

/** References as the registry hands them to a parser. */
export function dependenciesOf({ references = [] }: Pick<GoldenSchema, 'references'>): Dependency[] {
  return references.map((text, index) => ({ name: `reference ${index}`, text }));
}
