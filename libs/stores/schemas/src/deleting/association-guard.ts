import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { AssociationInfo } from '../registry.ts';

/** What the registry has to know of associations, which live beside it. */
export interface AssociationGuard {
  /** Whether a resource, such as a topic, is associated with the subject: it cannot be deleted then. */
  hasAssociations(tx: Queryable, context: string, subject: string): Promise<boolean>;
  /** Whether one of them is STRONG: other schemas cannot refer to the subject then. */
  hasStrongAssociation(tx: Queryable, context: string, subject: string): Promise<boolean>;
  /** The associations of these subjects, by their names as clients see them. */
  listAssociations(
    db: Queryable,
    subjects: readonly QualifiedSubject[],
  ): Promise<ReadonlyMap<string, readonly AssociationInfo[]>>;
}

/** Which associations a listing shows with its schemas; empty fields do not filter. */
export interface AssociationFilter {
  readonly resourceType: string;
  readonly associationTypes: readonly string[];
  /** STRONG and WEAK; NONE is that of no association. */
  readonly lifecycles: readonly string[];
}

export const NO_ASSOCIATIONS: AssociationGuard = {
  hasAssociations: () => Promise.resolve(false),
  hasStrongAssociation: () => Promise.resolve(false),
  listAssociations: () => Promise.resolve(new Map()),
};
