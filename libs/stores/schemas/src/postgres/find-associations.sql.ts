import type { Queryable } from '#libs/foundation/postgres';
import type { Association, AssociationQuery, Lifecycle } from '../associations/associations.ts';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';

interface Row {
  readonly guid: string;
  readonly context: string;
  readonly subject: string;
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly associationType: string;
  readonly lifecycle: Lifecycle;
  readonly frozen: boolean;
  readonly createTs: string;
  readonly updateTs: string;
}

const COLUMNS = `
  a.guid, a.context, a.subject, a.resource_name as "resourceName", a.resource_namespace as "resourceNamespace",
  a.resource_id as "resourceId", a.resource_type as "resourceType", a.association_type as "associationType",
  a.lifecycle, a.frozen, trunc(extract(epoch from a.created_at) * 1000)::bigint as "createTs",
  trunc(extract(epoch from a.updated_at) * 1000)::bigint as "updateTs"`;

const FILTER = `
  and ($1 = '' or a.resource_type = $1) and (cardinality($2::text[]) = 0 or a.association_type = any($2))
  and ($3 = '' or a.lifecycle = $3)
  order by a.resource_namespace, a.resource_name, a.resource_id, a.association_type`;

const valuesOf = (filter: AssociationQuery): unknown[] => [
  filter.resourceType,
  [...filter.associationTypes],
  filter.lifecycle,
];

function associationOf({ context, subject, createTs, updateTs, ...row }: Row): Association {
  return {
    ...row,
    subject: printSubject({ context, subject }),
    createTs: Number(createTs),
    updateTs: Number(updateTs),
  };
}

async function find(db: Queryable, where: string, values: unknown[]): Promise<Association[]> {
  const { rows } = await db.query<Row & Record<string, unknown>>(
    `select ${COLUMNS} from registry.association a where ${where} ${FILTER}`,
    values,
  );
  return rows.map(associationOf);
}

/** Index: association_by_subject. No lock. */
export function findAssociationsOfSubject(
  db: Queryable,
  { context, subject }: QualifiedSubject,
  filter: AssociationQuery,
): Promise<Association[]> {
  return find(db, 'a.context = $4 and a.subject = $5', [...valuesOf(filter), context, subject]);
}

/** Index: association_by_name. No lock. The namespace `-` stands for all. */
export function findAssociationsByName(
  db: Queryable,
  namespace: string,
  name: string,
  filter: AssociationQuery,
): Promise<Association[]> {
  return find(db, "a.resource_name = $4 and ($5 = '-' or a.resource_namespace = $5)", [
    ...valuesOf(filter),
    name,
    namespace,
  ]);
}

/** Index: association_by_resource. No lock. */
export function findAssociationsOfResource(
  db: Queryable,
  resourceId: string,
  filter: AssociationQuery,
): Promise<Association[]> {
  return find(db, 'a.resource_id = $4', [...valuesOf(filter), resourceId]);
}
