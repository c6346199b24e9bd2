import type { EntityManager } from 'typeorm';

/** One more parcel for a carrier. Index: primary key. Locks: the carrier's row until the end, so it comes last. */
export async function addToAccount(manager: EntityManager, carrier: string, feeCents: number): Promise<void> {
  await manager.query(
    `insert into shipping.carrier_account as a (carrier, parcels, owed_cents) values ($1, 1, $2)
     on conflict (carrier) do update set parcels = a.parcels + 1, owed_cents = a.owed_cents + excluded.owed_cents`,
    [carrier, feeCents],
  );
}
