import { createHash } from 'node:crypto';
import { byPlace, type RegistryVersion } from '../reading/registry-snapshot.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * SHA-256 over everything that a copy keeps of the versions, in hexadecimal: place, id, deletion, type, text, references,
 * metadata and rules, and the guids where `guids` says so (registries before 8.0 have none). Equal for equal contents,
 * whatever the order in which they were read.
 */
export function checksum(versions: readonly RegistryVersion[], options: { readonly guids: boolean }): string {
  const hash = createHash('sha256');
  for (const version of [...versions].sort(byPlace)) {
    const { subject, id, deleted, schemaType, schema } = version;
    const guid = options.guids ? (version.guid ?? '').toLowerCase() : '';
    const parts = [subject, version.version, id, guid, deleted, schemaType, schema].map((part) => JSON.stringify(part));
    const records = [version.references, version.metadata, version.ruleSet].map(canonicalJson);
    hash.update(`[${[...parts, ...records].join(',')}]\n`);
  }
  return hash.digest('hex');
}
