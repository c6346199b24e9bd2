import { assert } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { adoptionInvalid, type AdoptionPlan } from '../../adoption/plan.ts';
import { type Adoption, adoptionOf, type AdoptionRow } from './adoption-row.ts';
import { planAdoption } from './plan-adoption.ts';
import { timeLimit } from './time-limit.ts';

export interface AdoptionLimits {
  /** How long to wait for the lock on the table, during which new writers wait too, in ms; default 5,000. */
  readonly lockTimeoutMs?: number;
  /** How long noting the existing rows may take, with writers held, in ms; default 600,000. */
  readonly noteTimeoutMs?: number;
}

/* Index: adoption_pkey and the unique ones. */
const RECORD_ADOPTION = /* sql */ `
insert into outbox.adoption (relation, table_name, function_name, mapping, existing_sql)
values ($1, $2, $3, $4, $5)
returning id, table_name as table, mapping, function_name, 'active' as state, existing_sql is not null as has_existing,
          existing_total, existing_place, existing_emitted, created_at`;

/**
 * Carries the plan out, in one transaction: all of it or nothing. Every row whose transaction commits afterwards is
 * emitted by the trigger; every row from before is in the backlog, when the plan has one (send it with emitExisting).
 *
 * Lock: SHARE ROW EXCLUSIVE on the table until the commit; readers go on. Throws ADOPTION_INVALID when the table is no
 * longer as planned, DATABASE_BUSY when the lock was not to be had in time.
 */
export async function applyAdoption(db: Database, plan: AdoptionPlan, limits: AdoptionLimits = {}): Promise<Adoption> {
  return db.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = ${timeLimit(limits.lockTimeoutMs ?? 5_000)}`);
    await tx.query(`set local statement_timeout = ${timeLimit(limits.noteTimeoutMs ?? 600_000)}`);
    // A policy must fail the statement rather than hide rows from it.
    await tx.query('set local row_security = off');
    await tx.query(`lock table ${plan.table} in share row exclusive mode`);
    await refuseChange(tx, plan);
    for (const statement of plan.statements) await tx.query(statement);
    const recorded = await tx.query<AdoptionRow>(RECORD_ADOPTION, [
      plan.tableOid,
      plan.table,
      plan.functionName,
      JSON.stringify(plan.mapping),
      plan.existing?.emitSql ?? null,
    ]);
    const row = recorded.rows[0];
    assert(row !== undefined, 'an insert returns its row');
    if (plan.existing === undefined) return adoptionOf(row);
    const noted = await tx.query(plan.existing.noteSql, [row.id]);
    await tx.query('update outbox.adoption set existing_total = $2 where id = $1', [row.id, noted.rowCount]);
    return adoptionOf({ ...row, existing_total: String(noted.rowCount) });
  });
}

/** What a person has agreed to is what runs: the plan is made again under the lock and must come out the same. */
async function refuseChange(tx: Queryable, plan: AdoptionPlan): Promise<void> {
  const now = await planAdoption(tx, plan.request);
  const same = (key: 'statements' | 'existing' | 'tableOid'): boolean =>
    JSON.stringify(now[key]) === JSON.stringify(plan[key]);
  if (!same('tableOid') || !same('statements') || !same('existing')) {
    throw adoptionInvalid(plan.table, ['it was altered after the plan was made; make the plan again and look at it']);
  }
}
