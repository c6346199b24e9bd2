import type { Metadata } from '#libs/formats/schema';

/** The property that Confluent keeps a version in. */
export const VERSION_PROPERTY = 'confluent:version';

/** `over` on top of `under`, key by key; names of secrets are united. Null stays apart from empty. */
export function mergeMetadata(under: Metadata | null | undefined, over: Metadata | null | undefined): Metadata | null {
  if (under === null || under === undefined) return over ?? null;
  if (over === null || over === undefined) return under;
  const merged: { -readonly [K in keyof Metadata]: Metadata[K] } = {};
  if (under.tags !== undefined || over.tags !== undefined) merged.tags = { ...under.tags, ...over.tags };
  if (under.properties !== undefined || over.properties !== undefined) {
    merged.properties = { ...under.properties, ...over.properties };
  }
  if (under.sensitive !== undefined || over.sensitive !== undefined) {
    merged.sensitive = [...new Set([...(under.sensitive ?? []), ...(over.sensitive ?? [])])];
  }
  return merged;
}

/** The metadata with the version noted in it. */
export function stampVersion(metadata: Metadata | null, version: number): Metadata {
  return mergeMetadata(metadata, { properties: { [VERSION_PROPERTY]: String(version) } })!;
}

/** The metadata without a noted version; null when that was all there was. */
export function withoutVersion(metadata: Metadata | null): Metadata | null {
  if (metadata?.properties?.[VERSION_PROPERTY] === undefined) return metadata;
  const { [VERSION_PROPERTY]: _, ...properties } = metadata.properties;
  const rest: Metadata = { ...metadata, properties };
  const empty =
    Object.keys(properties).length === 0 &&
    Object.keys(rest.tags ?? {}).length === 0 &&
    (rest.sensitive ?? []).length === 0;
  return empty ? null : rest;
}
