import type { Queryable } from '#libs/foundation/postgres';
import type { Acknowledged } from './registry-clients.ts';

export interface StoredVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  /** Type, text and references: all that makes two of them the same schema. */
  readonly content: string;
}

/** A registration that the audit or the topic of changes tells of. */
export type Told = Pick<StoredVersion, 'subject' | 'version' | 'id'>;

/** What a registry has in its default context, and what it says has happened there, at one moment without clients. */
export interface RegistryTruth {
  readonly versions: readonly StoredVersion[];
  readonly audited: readonly Told[];
  readonly announced: readonly Told[];
}

/**
 * Everything in which a registry without deletions differs from what it promises, in words; empty when it keeps its promises.
 * At most `max` of each kind.
 */
export function registryViolations(truth: RegistryTruth, acknowledged: readonly Acknowledged[], max = 5): string[] {
  const stored = new Map(truth.versions.map((each) => [`${each.subject} ${each.version}`, each]));
  const lost = acknowledged.filter(({ subject, version, id }) => stored.get(`${subject} ${version}`)?.id !== id);
  return [
    ...oneToOne(truth.versions, 'schema', (each) => each.content).slice(0, max),
    ...oneToOne(acknowledged, 'schema that clients were told of', (each) => String(each.number)).slice(0, max),
    ...gaps(truth.versions).slice(0, max),
    ...lost.slice(0, max).map((each) => `lost: ${each.subject} version ${each.version} with id ${each.id}`),
    ...toldOnce(truth.versions, truth.audited, 'audit').slice(0, max),
    ...toldOnce(truth.versions, truth.announced, 'topic of changes').slice(0, max),
  ];
}

function oneToOne<T extends { readonly id: number }>(
  all: readonly T[],
  what: string,
  of: (one: T) => string,
): string[] {
  const ids = new Map<string, number>();
  const contents = new Map<number, string>();
  const found: string[] = [];
  for (const one of all) {
    const [content, { id }] = [of(one), one];
    if ((ids.get(content) ?? id) !== id) found.push(`ids ${ids.get(content)} and ${id} of one ${what}: ${content}`);
    if ((contents.get(id) ?? content) !== content) found.push(`id ${id} of a second ${what}: ${content}`);
    ids.set(content, id);
    contents.set(id, content);
  }
  return found;
}

function gaps(versions: readonly StoredVersion[]): string[] {
  const last = new Map<string, number>();
  const found: string[] = [];
  for (const { subject, version } of [...versions].sort((a, b) => a.version - b.version)) {
    const before = last.get(subject) ?? 0;
    if (version !== before + 1) found.push(`${subject} has version ${version} after ${before}`);
    last.set(subject, version);
  }
  return found;
}

function toldOnce(versions: readonly StoredVersion[], told: readonly Told[], where: string): string[] {
  const name = (each: Told): string => `${each.subject} version ${each.version} with id ${each.id}`;
  const times = new Map(versions.map((each) => [name(each), 0]));
  const found: string[] = [];
  for (const each of told.map(name)) {
    if (!times.has(each)) found.push(`in the ${where} but not there: ${each}`);
    times.set(each, (times.get(each) ?? 0) + 1);
  }
  for (const [each, count] of times) if (count !== 1) found.push(`${count} times in the ${where}: ${each}`);
  return found;
}

export async function readRegistryTruth(db: Queryable): Promise<RegistryTruth> {
  const versions = await db.query<StoredVersion & Record<string, unknown>>(
    `select v.subject, v.version, v.schema_id as id, s.type || ' ' || s.text || ' ' || s.refs as content
     from registry.subject_version v join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
     join registry.context c on c.id = v.context_id where c.name = '.'`,
  );
  const audited = await db.query<Told & Record<string, unknown>>(
    `select e.target as subject, (e.detail ->> 'version')::int as version, (e.detail ->> 'id')::int as id
     from audit.entry e where e.action = 'schema.register'`,
  );
  const announced = await db.query<Told & Record<string, unknown>>(
    `select d.said ->> 'subject' as subject, (d.said ->> 'version')::int as version, (d.said ->> 'id')::int as id
     from outbox.message m join outbox.topic t on t.id = m.topic_id and t.name = 'schema-changes'
     cross join lateral (select convert_from(m.payload, 'utf8')::jsonb as said) d
     where d.said ->> 'action' = 'schema.register'`,
  );
  return { versions: versions.rows, audited: audited.rows, announced: announced.rows };
}
