import type { AdoptionMapping } from '../../adoption/request.ts';

/** An adopted table. */
export interface Adoption {
  readonly id: number;
  /** Quoted and qualified; the present name, or the last one known when the table was dropped. */
  readonly table: string;
  readonly mapping: AdoptionMapping;
  readonly functionName: string;
  /** trigger-disabled and trigger-missing: somebody else altered the table, and its rows are not emitted. */
  readonly state: 'active' | 'trigger-disabled' | 'trigger-missing' | 'table-dropped';
  /** Rows that were there before; null when they are not emitted. Emitted can end below total: rows deleted meanwhile are passed over. */
  readonly existing: { readonly total: bigint; readonly done: bigint; readonly emitted: bigint } | null;
  readonly createdAt: Date;
}

export interface AdoptionRow {
  id: number;
  table: string;
  mapping: AdoptionMapping;
  function_name: string;
  state: Adoption['state'];
  has_existing: boolean;
  existing_total: string;
  existing_place: string;
  existing_emitted: string;
  created_at: Date;
  [column: string]: unknown;
}

export function adoptionOf(row: AdoptionRow): Adoption {
  return {
    id: row.id,
    table: row.table,
    mapping: row.mapping,
    functionName: row.function_name,
    state: row.state,
    existing: row.has_existing
      ? { total: BigInt(row.existing_total), done: BigInt(row.existing_place), emitted: BigInt(row.existing_emitted) }
      : null,
    createdAt: row.created_at,
  };
}
