import { indentJson } from '../../output/indent-json.ts';
import { targetKey } from '../importing/order-by-references.ts';
import {
  type JsonRecord,
  type PlaceSettings,
  type RegistrySnapshot,
  type RegistryVersion,
  versionKey,
} from '../reading/registry-snapshot.ts';
import { DEFAULT_CONTEXT, parseSubjectName, printSubjectName } from '../subject-name.ts';
import { fileNameOf, subjectOf } from './file-name.ts';
import { EXTENSIONS } from './folder-documents.ts';

export interface FolderFile {
  /** With slashes, below the folder. */
  readonly path: string;
  readonly text: string;
}

export interface ExportOptions {
  /** All versions, soft-deleted ones marked; or the latest live one and the older ones that others refer to. */
  readonly versions: 'all' | 'latest';
}

/**
 * The files that a registry is kept in. The same contents always give the same bytes, sorted by path: what changes in the
 * registry changes its own lines only.
 */
export function exportFiles(snapshot: RegistrySnapshot, options: ExportOptions): FolderFile[] {
  const settings = new Map(snapshot.settings.map((each) => [each.place, each]));
  const kept = options.versions === 'all' ? snapshot.versions : latestAndReferred(snapshot.versions);
  const files = snapshot.contexts.flatMap((context) => {
    const within = kept.filter(({ subject }) => parseSubjectName(subject).context === context);
    return contextFiles(context, within, settings, options);
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The latest live version of each subject, and what these lead to. */
function latestAndReferred(versions: readonly RegistryVersion[]): RegistryVersion[] {
  const byKey = new Map(versions.map((version) => [versionKey(version.subject, version.version), version]));
  const latest = new Map<string, RegistryVersion>();
  for (const version of versions) {
    if (!version.deleted && (latest.get(version.subject)?.version ?? 0) < version.version) {
      latest.set(version.subject, version);
    }
  }
  const kept = new Set(latest.values());
  // A set can grow while it is walked through: what is added is visited too.
  for (const version of kept) {
    for (const reference of version.references) {
      const target = byKey.get(targetKey(version, reference));
      if (target !== undefined) kept.add(target);
    }
  }
  return versions.filter((version) => kept.has(version));
}

function contextFiles(
  context: string,
  versions: readonly RegistryVersion[],
  settings: ReadonlyMap<string, PlaceSettings>,
  options: ExportOptions,
): FolderFile[] {
  const folder = context === DEFAULT_CONTEXT ? '' : `contexts/${fileNameOf(context.slice(1))}/`;
  const place = context === DEFAULT_CONTEXT ? '' : printSubjectName({ context, subject: '' });
  const named = context === DEFAULT_CONTEXT ? {} : { context };
  const files = [json(`${folder}registry.json`, { layout: 1, ...named, ...settingsOf(settings.get(place)) })];
  const taken = new Set<string>();
  for (const group of bySubject(versions)) {
    const { subject } = parseSubjectName(group[0]!.subject);
    const name = fileNameOf(subject, taken);
    const flat = options.versions === 'latest' && group.length === 1;
    // The folder of a subject can be called as the file of another one.
    const names = flat ? [name, `${name}.${extensionOf(group[0]!)}`, `${name}.subject.json`] : [name];
    for (const each of names) taken.add(each.toLowerCase());
    const told = {
      ...(subjectOf(name) === subject ? {} : { subject }),
      ...settingsOf(settings.get(group[0]!.subject)),
    };
    files.push(
      ...(flat ? flatFiles(`${folder}${name}`, group[0]!, told) : subjectFolder(`${folder}${name}`, group, told)),
    );
  }
  return files;
}

function flatFiles(path: string, version: RegistryVersion, told: JsonRecord): FolderFile[] {
  const { id: _, guid: __, ...content } = contentOf(version);
  return [schemaFile(path, version), json(`${path}.subject.json`, { ...told, ...content })];
}

function subjectFolder(path: string, versions: readonly RegistryVersion[], told: JsonRecord): FolderFile[] {
  const listed = versions.map((version) => ({ ...contentOf(version), ...(version.deleted ? { deleted: true } : {}) }));
  return [
    json(`${path}/subject.json`, { ...told, versions: listed }),
    ...versions.map((version) => schemaFile(`${path}/${version.version}`, version)),
  ];
}

function contentOf({ version, id, guid, references, metadata, ruleSet }: RegistryVersion) {
  return {
    version,
    id,
    ...(guid === undefined ? {} : { guid }),
    ...(references.length === 0 ? {} : { references }),
    ...(metadata === null ? {} : { metadata: sortedDeep(metadata) }),
    ...(ruleSet === null ? {} : { ruleSet: sortedDeep(ruleSet) }),
  };
}

/** Indented where that is the same schema, and with a line end, so that a change is a change of few lines. */
function schemaFile(path: string, version: RegistryVersion): FolderFile {
  const { schemaType, schema } = version;
  const text = (schemaType === 'PROTOBUF' ? undefined : indentJson(schema)) ?? schema;
  return { path: `${path}.${extensionOf(version)}`, text: text.endsWith('\n') ? text : `${text}\n` };
}

const extensionOf = ({ schemaType }: RegistryVersion): string => EXTENSIONS[schemaType] ?? 'avsc';

function settingsOf(settings: PlaceSettings | undefined): JsonRecord {
  const { config, mode } = settings ?? {};
  return {
    ...(config === undefined ? {} : { config: sortedDeep(config) }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function bySubject(versions: readonly RegistryVersion[]): RegistryVersion[][] {
  const groups = new Map<string, RegistryVersion[]>();
  for (const version of versions) {
    const group = groups.get(version.subject);
    if (group === undefined) groups.set(version.subject, [version]);
    else group.push(version);
  }
  return [...groups.values()];
}

/** Registries may answer members in any order. */
function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([name, each]) => [name, sortedDeep(each)]));
}

const json = (path: string, document: unknown): FolderFile => ({
  path,
  text: `${JSON.stringify(document, null, 2)}\n`,
});
