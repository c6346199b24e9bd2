import type { Queryable } from '#libs/foundation/postgres';
import { listAssociations } from '../postgres/list-associations.sql.ts';
import { readSubjectFacts } from '../postgres/read-subject-facts.sql.ts';

/** What the registry asks before it deletes a subject or lets another schema refer to it, and for its listings. */
export const ASSOCIATION_GUARD = {
  hasAssociations: async (tx: Queryable, context: string, subject: string): Promise<boolean> =>
    (await readSubjectFacts(tx, { context, subject }, undefined)).others > 0,
  hasStrongAssociation: async (tx: Queryable, context: string, subject: string): Promise<boolean> =>
    (await readSubjectFacts(tx, { context, subject }, undefined)).strongOthers > 0,
  listAssociations,
};
