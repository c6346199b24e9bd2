import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { SeenState } from './register-version.sql.ts';

/** What tells whether a subject is as it was. Indexes: context(name), the primary key from its end. No lock. */
export async function readSeen(db: Queryable, { context, subject }: QualifiedSubject): Promise<SeenState> {
  const { rows } = await db.query<{ revision: string; last: number }>('select * from registry.subject_seen($1, $2)', [
    context,
    subject,
  ]);
  const { revision, last } = rows[0]!;
  return { revision: BigInt(revision), last };
}
