import type { AssociationFilter } from '../deleting/association-guard.ts';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { listAliases } from '../postgres/ordinary-reads.ts';
import { pageSchemas, type SchemaPosition } from '../postgres/page-schemas.sql.ts';
import type { AssociationInfo, ListedSchema, Slice } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { present } from './present.ts';
import { parsePrefix } from './subject-prefix.ts';

/** Schemas in one answer, also when the client asks for more or for all: their texts are in it. */
export const LISTED_SCHEMAS_MAX = 1_000;

export type ListQuery = {
  readonly prefix: string;
  readonly deleted: boolean;
  readonly latestOnly: boolean;
  readonly aliases: boolean;
  readonly ruleType: string;
  readonly resourceType: string;
  readonly associationTypes: readonly string[];
  readonly lifecycle: string;
} & Slice;

/** Schemas by context, subject and version. What the associations rule out is not counted by offset and limit. */
export async function listSchemas(parts: RegistryParts, query: ListQuery): Promise<ListedSchema[]> {
  const limit = query.limit > 0 ? Math.min(query.limit, LISTED_SCHEMAS_MAX) : LISTED_SCHEMAS_MAX;
  const filter: AssociationFilter = {
    resourceType: query.resourceType,
    associationTypes: query.associationTypes,
    lifecycle: query.lifecycle,
  };
  const filtering = filter.resourceType !== '' || filter.associationTypes.length > 0 || filter.lifecycle !== '';
  let skip = Math.max(query.offset, 0);
  const offset = filtering ? 0 : skip;
  if (!filtering) skip = 0;
  const listed: { stored: StoredVersion; associations: readonly AssociationInfo[] }[] = [];
  let after: SchemaPosition | undefined;
  for (;;) {
    const page = await pageSchemas(parts.database, { ...query, ...parsePrefix(query.prefix) }, after, offset, limit);
    for (const entry of await withAssociations(parts, page, filter, filtering)) {
      if (skip > 0) skip--;
      else if (listed.length < limit) listed.push(entry);
    }
    if (!filtering || listed.length === limit || page.length < limit) break;
    after = page.at(-1)!;
  }
  const aliases = query.aliases
    ? await listAliases(
        parts.source,
        listed.map(({ stored }) => stored),
      )
    : undefined;
  return listed.map(({ stored, associations }) => ({
    ...present(stored, stored.text),
    ...(aliases === undefined ? {} : { aliases: aliases.get(printSubject(stored)) ?? [] }),
    ...(associations.length === 0 ? {} : { associations }),
  }));
}

async function withAssociations(
  { associations, database }: RegistryParts,
  page: readonly StoredVersion[],
  filter: AssociationFilter,
  filtering: boolean,
): Promise<{ stored: StoredVersion; associations: readonly AssociationInfo[] }[]> {
  const subjects = new Map(page.map((stored): [string, QualifiedSubject] => [printSubject(stored), stored]));
  const found = await associations.listAssociations(database, [...subjects.values()]);
  const unwanted = filter.lifecycle === 'NONE';
  return page.flatMap((stored) => {
    const all = found.get(printSubject(stored)) ?? [];
    const matching = all.filter((each) => matches(each, filter));
    if (!filtering) return [{ stored, associations: all }];
    if (unwanted) return all.length === 0 ? [{ stored, associations: [] }] : [];
    return matching.length === 0 ? [] : [{ stored, associations: matching }];
  });
}

function matches(
  association: AssociationInfo,
  { resourceType, associationTypes, lifecycle }: AssociationFilter,
): boolean {
  return (
    (resourceType === '' || association.resourceType === resourceType) &&
    (associationTypes.length === 0 || associationTypes.includes(association.associationType)) &&
    (lifecycle === '' || association.lifecycle === lifecycle)
  );
}
