import { inParallel } from '../in-parallel.ts';
import { type RegistrySnapshot, type RegistryVersion, versionKey } from '../reading/registry-snapshot.ts';
import { type SchemaAnswer, zSchemaAnswer } from '../registry-answers.ts';
import type { RegistryClient } from '../registry-client.ts';
import { parseSubjectName, printSubjectName } from '../subject-name.ts';
import { canonicalJson } from './canonical-json.ts';
import { differencesOf, otherTime, sameText } from './compare-versions.ts';
import { diffSettings } from './diff-settings.ts';
import { idKey } from './plan-copy.ts';

/** Every way in which the target is not what the source is, in plain words. Versions that only the target has do not count. */
export function compareSnapshots(source: RegistrySnapshot, target: RegistrySnapshot): string[] {
  const here = new Map(target.versions.map((version) => [versionKey(version.subject, version.version), version]));
  const found: string[] = [];
  for (const version of source.versions) {
    const key = versionKey(version.subject, version.version);
    const copy = here.get(key);
    if (copy === undefined) {
      found.push(`${key} is missing`);
      continue;
    }
    const differences = differencesOf(version, copy);
    if (version.deleted !== copy.deleted) {
      differences.push(version.deleted ? 'soft-deleted there, live here' : 'live there, soft-deleted here');
    }
    if (otherTime(version, copy)) {
      differences.push(`registered at ${isoTime(version.ts)} there, ${isoTime(copy.ts)} here`);
    }
    if (differences.length > 0) found.push(`${key}: ${differences.join('; ')}`);
  }
  const settings = diffSettings(source.settings, target.settings);
  for (const { place, config, mode } of settings) {
    const name = place === '' ? 'the registry' : place;
    if (config !== undefined) found.push(`the config of ${name} differs`);
    if (mode !== undefined) found.push(`the mode of ${name} differs`);
  }
  return found;
}

export interface ReadBack {
  readonly ids: number;
  readonly guids: number;
  readonly differences: readonly string[];
}

/** Reads every id, and every guid that the source gave, from both registries as clients do, and compares the answers. */
export async function readBack(
  clients: { readonly source: RegistryClient; readonly target: RegistryClient },
  versions: readonly RegistryVersion[],
  options: { readonly concurrency: number; readonly onRead: (count: number) => void },
): Promise<ReadBack> {
  const ids = [...new Map(versions.map((version) => [idKey(version), version])).values()];
  const guids = [...new Map(versions.flatMap((each) => (each.guid === undefined ? [] : [[each.guid, each]]))).keys()];
  const differences: string[] = [];
  let read = 0;
  const compare = async (name: string, path: string, subject?: string): Promise<void> => {
    const query = subject === undefined || subject === '' ? {} : { subject };
    const [there, here] = await Promise.all([
      clients.source.find(path, zSchemaAnswer, [40_403, 404], { query }),
      clients.target.find(path, zSchemaAnswer, [40_403, 404], { query }),
    ]);
    const difference = answersDiffer(there, here);
    if (difference !== undefined) differences.push(`${name}: ${difference}`);
    read += 1;
    options.onRead(read);
  };
  await inParallel(ids, options.concurrency, ({ subject, id }) => {
    const context = printSubjectName({ context: parseSubjectName(subject).context, subject: '' });
    return compare(`id ${id}${context === '' ? '' : ` in ${context}`}`, `/schemas/ids/${id}`, context);
  });
  await inParallel(guids, options.concurrency, (guid) => compare(`guid ${guid}`, `/schemas/guids/${guid}`));
  return { ids: ids.length, guids: guids.length, differences: differences.sort() };
}

function answersDiffer(there: SchemaAnswer | undefined, here: SchemaAnswer | undefined): string | undefined {
  if (there === undefined) return 'the source no longer answers it';
  if (here === undefined) return 'not here';
  const a = { schema: there.schema, schemaType: there.schemaType ?? 'AVRO' };
  const b = { schema: here.schema, schemaType: here.schemaType ?? 'AVRO' };
  if (a.schemaType !== b.schemaType) return `type ${a.schemaType} there, ${b.schemaType} here`;
  if (!sameText(a, b)) return 'the text differs';
  if (canonicalJson(there.references) !== canonicalJson(here.references)) return 'the references differ';
  const guid = there.guid?.toLowerCase();
  return guid !== undefined && guid !== here.guid?.toLowerCase() ? `guid ${guid} there, ${here.guid} here` : undefined;
}

const isoTime = (ts: number | undefined): string => (ts === undefined ? 'an unknown time' : new Date(ts).toISOString());
