import { TidemarkError } from '#libs/foundation/kernel';
import type { SchemaEntity, SchemaTags, UnknownPlaces } from './schema-tags.ts';

/** A part of a parsed schema (`P`, told apart by identity) that can carry tags. */
export interface TagPlace<P> {
  readonly entity: SchemaEntity;
  /** Other paths that lead here, unless they are the own path of another place. */
  readonly aliases?: readonly string[];
  readonly part: P;
  readonly tags: readonly string[];
  /** Reached by its path only: the part is listed at another place. */
  readonly hidden?: boolean;
  /** In a schema that this one references, whose text is not this one's to change. */
  readonly foreign?: boolean;
}

/** Characters of a path. Places with longer ones cannot be named: all paths of a deep schema would take memory without bound. */
const PATH_LENGTH_MAX = 2_048;

interface Found<P> {
  own?: TagPlace<P>;
  byAlias?: TagPlace<P>;
}

/** The places that carry tags, in order. */
export function taggedPlaces(places: Iterable<TagPlace<unknown>>): SchemaTags[] {
  const found: SchemaTags[] = [];
  for (const { entity, tags, hidden } of places) {
    if (hidden === true || tags.length === 0 || entity.entityPath.length > PATH_LENGTH_MAX) continue;
    found.push({ schemaEntity: entity, tags: [...new Set(tags)] });
  }
  return found;
}

/**
 * The tags that each part named in `add` and `remove` has afterwards: those it had, then the added ones, without the removed
 * ones. Throws SCHEMA_INVALID naming an entity that no place has, unless such are to be skipped.
 */
export function tagsAfter<P>(
  places: Iterable<TagPlace<P>>,
  add: readonly SchemaTags[],
  remove: readonly SchemaTags[],
  unknown: UnknownPlaces,
): Map<P, readonly string[]> {
  const found = findPlaces(places, [...add, ...remove]);
  const after = new Map<P, Set<string>>();
  const tagsAt = ({ schemaEntity }: SchemaTags): Set<string> | undefined => {
    const { own, byAlias } = found.get(keyOf(schemaEntity)) ?? {};
    const place = own ?? byAlias;
    if (place === undefined || place.foreign === true) {
      if (unknown === 'skip') return undefined;
      throw unknownPlace(schemaEntity, place !== undefined);
    }
    const tags = after.get(place.part) ?? new Set(place.tags);
    after.set(place.part, tags);
    return tags;
  };
  for (const each of add) {
    const tags = tagsAt(each);
    for (const tag of each.tags) tags?.add(tag);
  }
  for (const each of remove) {
    const tags = tagsAt(each);
    for (const tag of each.tags) tags?.delete(tag);
  }
  return new Map([...after].map(([part, tags]) => [part, [...tags]]));
}

/** Only paths of a wanted length are looked at as texts: joining the others would cost more than walking the schema. */
function findPlaces<P>(places: Iterable<TagPlace<P>>, wanted: readonly SchemaTags[]): Map<string, Found<P>> {
  const found = new Map<string, Found<P>>(wanted.map(({ schemaEntity }) => [keyOf(schemaEntity), {}]));
  const lengths = new Set(wanted.map(({ schemaEntity }) => pathOf(schemaEntity).length));
  for (const place of places) {
    const { entityPath, entityType } = place.entity;
    const at = (path: string): Found<P> | undefined =>
      path.length <= PATH_LENGTH_MAX && lengths.has(path.length)
        ? found.get(keyOf({ entityPath: path, entityType }))
        : undefined;
    const own = at(entityPath);
    if (own !== undefined) own.own ??= place;
    for (const alias of place.aliases ?? []) {
      const other = at(alias);
      if (other !== undefined) other.byAlias ??= place;
    }
  }
  return found;
}

function pathOf({ entityPath }: SchemaEntity): string {
  return entityPath.startsWith('.') ? entityPath.slice(1) : entityPath;
}

function keyOf(entity: SchemaEntity): string {
  return `${entity.entityType} ${pathOf(entity)}`;
}

function unknownPlace({ entityPath, entityType }: SchemaEntity, foreign: boolean): TidemarkError {
  const what = entityType === 'sr_record' ? 'record' : 'field';
  const path = entityPath.length > 200 ? `${entityPath.slice(0, 200)}…` : entityPath;
  return new TidemarkError(
    'SCHEMA_INVALID',
    foreign
      ? `The ${what} at the path '${path}' stands in a referenced schema; tags can only be changed where it is registered`
      : `No matching path '${path}' found in the schema for a ${what} (${entityType})`,
  );
}
