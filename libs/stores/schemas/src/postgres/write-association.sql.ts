import type { Queryable } from '#libs/foundation/postgres';
import type { Lifecycle } from '../associations/associations.ts';
import type { QualifiedSubject } from '../names/qualified-subject.ts';

export interface NewAssociation {
  readonly subject: QualifiedSubject;
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly associationType: string;
  readonly lifecycle: Lifecycle;
  readonly frozen: boolean;
}

/** Locks the new row. The resource and the subject are locked by the caller. */
export async function insertAssociation(tx: Queryable, association: NewAssociation): Promise<void> {
  const { subject } = association;
  await tx.query(
    `insert into registry.association
       (context, subject, resource_name, resource_namespace, resource_id, resource_type, association_type, lifecycle, frozen)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      subject.context,
      subject.subject,
      association.resourceName,
      association.resourceNamespace,
      association.resourceId,
      association.resourceType,
      association.associationType,
      association.lifecycle,
      association.frozen,
    ],
  );
}

/** Index: the primary key. Locks the row. */
export async function updateAssociation(
  tx: Queryable,
  guid: string,
  { lifecycle, frozen }: { readonly lifecycle: Lifecycle; readonly frozen: boolean },
): Promise<void> {
  await tx.query(
    `update registry.association set lifecycle = $2, frozen = $3, updated_at = clock_timestamp() where guid = $1`,
    [guid, lifecycle, frozen],
  );
}

/** Index: the primary key. Locks the row. */
export async function deleteAssociation(tx: Queryable, guid: string): Promise<void> {
  await tx.query(`delete from registry.association where guid = $1`, [guid]);
}
