import type { AssociationFilter } from '../deleting/association-guard.ts';
import { printSubject } from '../names/qualified-subject.ts';
import { listAliases, listAliasTargets } from '../postgres/ordinary-reads.ts';
import { pageSchemas } from '../postgres/page-schemas.sql.ts';
import type { AssociationInfo, ListedSchema, Slice } from '../registry.ts';
import type { RegistryParts } from '../registry-parts.ts';
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
} & AssociationFilter &
  Slice;

/**
 * Schemas by subject, as clients see it, and version. With `aliases`, what the names that begin like this stand for is listed too. The
 * associations that the query does not ask for are left out, their schemas are not.
 */
export async function listSchemas(parts: RegistryParts, query: ListQuery): Promise<ListedSchema[]> {
  const { database, source } = parts;
  const slice = {
    offset: Math.max(query.offset, 0),
    limit: query.limit > 0 ? Math.min(query.limit, LISTED_SCHEMAS_MAX) : LISTED_SCHEMAS_MAX,
  };
  const prefix = parsePrefix(query.prefix);
  const beside = query.aliases ? await listAliasTargets(source, prefix) : [];
  const listed = await pageSchemas(database, { ...query, ...prefix, beside }, slice);
  const subjects = [...new Map(listed.map((stored) => [printSubject(stored), stored])).values()];
  const associations = await parts.associations.listAssociations(database, subjects);
  const aliases = query.aliases ? await listAliases(source, subjects) : undefined;
  return listed.map((stored) => {
    const name = printSubject(stored);
    const shown = (associations.get(name) ?? []).filter((each) => matches(each, query));
    return {
      ...present(stored, stored.text),
      ...(aliases === undefined ? {} : { aliases: aliases.get(name) ?? [] }),
      ...(shown.length === 0 ? {} : { associations: shown }),
    };
  });
}

function matches(
  association: AssociationInfo,
  { resourceType, associationTypes, lifecycles }: AssociationFilter,
): boolean {
  return (
    (resourceType === '' || association.resourceType === resourceType) &&
    (associationTypes.length === 0 || associationTypes.includes(association.associationType)) &&
    (lifecycles.length === 0 || lifecycles.includes(association.lifecycle))
  );
}
