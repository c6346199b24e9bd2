import { z } from 'zod';
import { ABSENT, type VersionAnswer, zNames, zVersionAnswer, zVersions } from '../registry-answers.ts';
import type { RegistryClient } from '../registry-client.ts';
import { DEFAULT_CONTEXT, parseSubjectName, printSubjectName, subjectPath } from '../subject-name.ts';
import { inParallel } from '../in-parallel.ts';
import { byPlace, type RegistryVersion, versionKey } from './registry-snapshot.ts';

export interface ListOptions {
  readonly concurrency: number;
  /** Versions read so far. */
  readonly onRead: (count: number) => void;
}

/** Schemas of one answer. Registries give at most 1,000; large schemas make long answers. */
const PAGE = 500;
const zPage = z.array(zVersionAnswer);

/** All versions in a context, soft-deleted ones included, by subject and version, however the registry can list them. */
export async function listVersions(
  client: RegistryClient,
  context: string,
  options: ListOptions,
): Promise<RegistryVersion[]> {
  const answers = (await listByPages(client, context, options)) ?? (await listBySubject(client, context, options));
  return answers.sort(byPlace);
}

/** Through `/schemas`, a page at a time. Undefined where the registry does not have it. */
async function listByPages(
  client: RegistryClient,
  context: string,
  { onRead }: ListOptions,
): Promise<RegistryVersion[] | undefined> {
  const all = await pagesOf(client, context, true, onRead);
  if (all === undefined) return undefined;
  if (all.every(({ deleted }) => typeof deleted === 'boolean')) return all.map((answer) => versionOf(answer, false));
  // Before Confluent 8.0 a listing does not say what is deleted: what is missing in the listing of live ones is.
  const live = new Set((await pagesOf(client, context, false, () => undefined))?.map(placeOf));
  return all.map((answer) => versionOf(answer, !live.has(placeOf(answer))));
}

async function pagesOf(
  client: RegistryClient,
  context: string,
  deleted: boolean,
  onRead: (count: number) => void,
): Promise<VersionAnswer[] | undefined> {
  const subjectPrefix = prefixOf(context);
  const found = new Map<string, VersionAnswer>();
  let offset = 0;
  let begin: string | undefined;
  for (;;) {
    const page = await client.find('/schemas', zPage, ABSENT.route, {
      query: { subjectPrefix, deleted, offset, limit: PAGE },
    });
    if (page === undefined) return undefined;
    const first = page[0] === undefined ? undefined : placeOf(page[0]);
    // Some registries answer everything whatever is asked for, or the same page again and again.
    if (first === undefined || first === begin) return [...found.values()];
    for (const answer of page) {
      if (parseSubjectName(answer.subject).context === context) found.set(placeOf(answer), answer);
    }
    onRead(found.size);
    if (page.length > PAGE) return [...found.values()];
    offset += page.length;
    begin = first;
  }
}

/** Through the lists of subjects and of their versions: three requests per version. */
async function listBySubject(
  client: RegistryClient,
  context: string,
  { concurrency, onRead }: ListOptions,
): Promise<RegistryVersion[]> {
  const listed = await client.call('/subjects', zNames, { query: { deleted: true, subjectPrefix: prefixOf(context) } });
  const subjects = [...new Set(listed)].filter((name) => parseSubjectName(name).context === context);
  const found: RegistryVersion[] = [];
  await inParallel(subjects, concurrency, async (subject) => {
    const path = `${subjectPath(subject)}/versions`;
    const live = new Set((await client.find(path, zVersions, ABSENT.subject)) ?? []);
    const all = (await client.find(path, zVersions, ABSENT.subject, { query: { deleted: true } })) ?? [];
    for (const version of all) {
      const answer = await client.call(`${path}/${version}`, zVersionAnswer, { query: { deleted: true } });
      found.push(versionOf({ ...answer, subject }, !live.has(version)));
      onRead(found.length);
    }
  });
  return found;
}

/** The names of all contexts, or the default one where the registry knows none. */
export async function listContexts(client: RegistryClient): Promise<string[]> {
  const contexts = await client.find('/contexts', zNames, ABSENT.route);
  return [...new Set([DEFAULT_CONTEXT, ...(contexts ?? [])])].sort();
}

const prefixOf = (context: string): string =>
  context === DEFAULT_CONTEXT ? '' : printSubjectName({ context, subject: '' });

const placeOf = ({ subject, version }: VersionAnswer): string => versionKey(subject, version);

function versionOf(answer: VersionAnswer, deleted: boolean): RegistryVersion {
  return {
    subject: answer.subject,
    version: answer.version,
    id: answer.id,
    guid: answer.guid ?? undefined,
    schemaType: answer.schemaType ?? 'AVRO',
    references: answer.references ?? [],
    metadata: answer.metadata ?? null,
    ruleSet: answer.ruleSet ?? null,
    schema: answer.schema,
    ts: answer.ts ?? undefined,
    deleted: answer.deleted ?? deleted,
  };
}
