import { createHash } from 'node:crypto';
import { byPlace, type RegistryVersion } from '../reading/registry-snapshot.ts';
import { canonicalJson } from './canonical-json.ts';

/** What the registry that was copied says of each version. */
export interface Shown {
  readonly guids: boolean;
  readonly times: boolean;
}

/**
 * SHA-256 over everything that a copy keeps of the versions, in hexadecimal: place, id, deletion, type, text, references,
 * metadata and rules, and the guids and times where `has` says so (registries before 8.0 have none). Equal for equal contents,
 * whatever the order in which they were read.
 */
export function checksum(versions: readonly RegistryVersion[], has: Shown): string {
  const hash = createHash('sha256');
  for (const version of [...versions].sort(byPlace)) {
    const { subject, id, deleted, schemaType, schema } = version;
    const guid = has.guids ? (version.guid ?? '').toLowerCase() : '';
    const parts = [subject, version.version, id, guid, has.times ? version.ts : null, deleted, schemaType, schema].map(
      (part) => JSON.stringify(part),
    );
    const records = [version.references, version.metadata, version.ruleSet].map(canonicalJson);
    hash.update(`[${[...parts, ...records].join(',')}]\n`);
  }
  return hash.digest('hex');
}
