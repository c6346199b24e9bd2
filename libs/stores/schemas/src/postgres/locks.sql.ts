import type { Queryable } from '#libs/foundation/postgres';

/*
 * Advisory locks of the registry, in the key space of migrations/outbox-append.sql.ts (16 bits 'tm', 4 bits kind, 44 bits
 * value), all of them held until the transaction ends:
 *
 *   kind 4: subject, value = hash of context and name   exclusive to change the subject; shared to refer to it
 *   kind 5: context, value = id                         exclusive to change its settings; shared to change a subject in it
 *   kind 6: ids, value = id of the context              exclusive in registry.pass_id; shared in registry.draw_id
 *
 * They are taken in this order: contexts, subjects by ascending key, ids. So no two transactions that change one subject each
 * can wait for one another.
 */
const SUBJECT = '8389432049605279744';
const CONTEXT = '8389449641791324160';
const VALUE_BITS = '17592186044415';

/** A transaction takes part in a context's life: its settings do not change meanwhile. Waits for those who change them. */
export async function shareContext(tx: Queryable, contextId: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(${CONTEXT} + $1::bigint)`, [contextId]);
}

/** To change the settings of a context, or to end it: waits for everybody who changes something in it. */
export async function lockContext(tx: Queryable, contextId: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${CONTEXT} + $1::bigint)`, [contextId]);
}

/**
 * Shares a context and locks one subject of it exclusively, and returns the context's id; undefined, without a lock, when
 * there is no such context. Index: context(name). Waits for those who hold them.
 */
export async function lockSubject(tx: Queryable, context: string, subject: string): Promise<number | undefined> {
  const result = await tx.query<{ id: number }>(
    `select c.id, pg_advisory_xact_lock_shared(${CONTEXT} + c.id),
       pg_advisory_xact_lock(${SUBJECT} + (hashtextextended($2, c.id) & ${VALUE_BITS}))
     from registry.context c where c.name = $1`,
    [context, subject],
  );
  return result.rows[0]?.id;
}

/** A subject to be locked: exclusively to change it, shared to keep what a new schema refers to. */
export interface SubjectLock {
  readonly contextId: number;
  readonly subject: string;
  readonly exclusive: boolean;
}

/** Shares the context and locks subjects of it, by ascending key. Waits for those who hold them. */
export async function lockSubjects(tx: Queryable, contextId: number, subjects: readonly SubjectLock[]): Promise<void> {
  await tx.query(
    `select case when l.exclusive then pg_advisory_xact_lock(l.key) else pg_advisory_xact_lock_shared(l.key) end
     from (
       select k.key, bool_or(k.exclusive) as exclusive
       from (
         select ${SUBJECT} + (hashtextextended(subject, context_id) & ${VALUE_BITS}) as key, exclusive
         from unnest($1::integer[], $2::text[], $3::boolean[]) u(context_id, subject, exclusive)
       ) k
       cross join lateral (select pg_advisory_xact_lock_shared(${CONTEXT} + $4::bigint)) c
       group by k.key order by k.key
     ) l`,
    [
      subjects.map((lock) => lock.contextId),
      subjects.map((lock) => lock.subject),
      subjects.map((lock) => lock.exclusive),
      contextId,
    ],
  );
}

/** Moves the ids of a context past an imported one. Waits for those who have drawn one and not committed. */
export async function passId(tx: Queryable, contextId: number, id: number): Promise<void> {
  await tx.query('select registry.pass_id($1, $2)', [contextId, id]);
}
