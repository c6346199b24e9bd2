import type { Queryable } from '#libs/foundation/postgres';
import type { NewestLevel } from '../effects.ts';

/** Index: primary key. Locks: the articles' rows, in order of SKU. An older version than the one there changes nothing. */
export async function putLevels(tx: Queryable, levels: readonly NewestLevel[]): Promise<void> {
  await tx.query(
    `insert into orders_view.stock_level as s (sku, on_hand, reserved, version)
     select l.sku, l.on_hand, l.reserved, l.version
     from jsonb_to_recordset($1::jsonb) as l(sku text, on_hand integer, reserved integer, version integer)
     order by l.sku
     on conflict (sku) do update set on_hand = excluded.on_hand, reserved = excluded.reserved, version = excluded.version
     where s.version < excluded.version`,
    [JSON.stringify(levels)],
  );
}
