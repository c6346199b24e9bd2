import { parseJson, sameJson } from '#libs/formats/json-text';
import type { RegistryVersion } from '../reading/registry-snapshot.ts';
import { canonicalJson } from './canonical-json.ts';

/** In what two copies of a version differ, in plain words; empty when they are the same. Deletion is another matter. */
export function differencesOf(source: RegistryVersion, target: RegistryVersion): string[] {
  const found: string[] = [];
  const differ = (what: string, there: unknown, here: unknown): void => {
    if (canonicalJson(there) !== canonicalJson(here)) found.push(`${what} ${shown(there)} there, ${shown(here)} here`);
  };
  differ('id', source.id, target.id);
  // Registries before 8.0 have no guids, so there is none to keep.
  if (source.guid !== undefined) differ('guid', source.guid.toLowerCase(), target.guid?.toLowerCase());
  differ('type', source.schemaType, target.schemaType);
  differ('references', source.references, target.references);
  differ('metadata', source.metadata, target.metadata);
  differ('rules', withoutDefaults(source.ruleSet), withoutDefaults(target.ruleSet));
  if (!sameText(source, target)) found.push('the text differs');
  return found;
}

/** Whether two copies of a version say that they were registered at different times, as far as both say it. */
export function otherTime(source: RegistryVersion, target: RegistryVersion): boolean {
  return source.ts !== undefined && target.ts !== undefined && source.ts !== target.ts;
}

/**
 * Whether the texts say the same. Registries that are not Confluent's keep texts as they were sent; for Avro and JSON Schema
 * another spacing or order of members is the same schema.
 */
export function sameText(
  a: { readonly schema: string; readonly schemaType: string },
  b: { readonly schema: string; readonly schemaType: string },
): boolean {
  if (a.schema === b.schema) return true;
  if (a.schemaType === 'PROTOBUF' || b.schemaType === 'PROTOBUF') return false;
  try {
    return sameJson(parseJson(a.schema), parseJson(b.schema));
  } catch {
    return false;
  }
}

/** `disabled: false` is what a rule has that does not say it; some registries print it. */
function withoutDefaults(ruleSet: unknown): unknown {
  if (Array.isArray(ruleSet)) return ruleSet.map(withoutDefaults);
  if (typeof ruleSet !== 'object' || ruleSet === null) return ruleSet;
  const entries = Object.entries(ruleSet).filter(([name, value]) => !(name === 'disabled' && value === false));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutDefaults(value)]));
}

function shown(value: unknown): string {
  const text =
    value === undefined || value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
