import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import { type AlikeRow, type AlikeVersions, alikeIn } from './find-alike.sql.ts';
import { type RegistrationState, stateOf, type StateRow } from './read-registration-state.sql.ts';

/** What `findAlike` finds; `state`, as of the same moment, when that is nothing and the context is there. */
export interface AlikeOrState extends AlikeVersions {
  readonly state: RegistrationState | undefined;
}

type Row = AlikeRow & { readonly [K in keyof StateRow]: K extends keyof AlikeRow ? AlikeRow[K] : StateRow[K] | null };

/** `findAlike` and, where it finds nothing, `readRegistrationState` in one round trip. Indexes: theirs. No lock. */
export async function findOrState(
  db: Queryable,
  { context, subject }: QualifiedSubject,
  likeness: Buffer,
  orReferencing: boolean,
): Promise<AlikeOrState> {
  const { rows } = await db.query<Row>('select * from registry.find_or_state($1, $2, $3, $4)', [
    context,
    subject,
    likeness,
    orReferencing,
  ]);
  const row = rows[0]!;
  return { ...alikeIn(rows), state: row.context_id === null ? undefined : stateOf(row as StateRow) };
}
