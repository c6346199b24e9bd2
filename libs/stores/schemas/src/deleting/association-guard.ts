import type { Queryable } from '#libs/foundation/postgres';

/** What the registry has to know of associations, which live beside it. */
export interface AssociationGuard {
  /** Whether a resource, such as a topic, is associated with the subject: it cannot be deleted then. */
  hasAssociations(tx: Queryable, context: string, subject: string): Promise<boolean>;
  /** Whether one of them is STRONG: other schemas cannot refer to the subject then. */
  hasStrongAssociation(tx: Queryable, context: string, subject: string): Promise<boolean>;
}

export const NO_ASSOCIATIONS: AssociationGuard = {
  hasAssociations: () => Promise.resolve(false),
  hasStrongAssociation: () => Promise.resolve(false),
};
