import type { Database } from '#libs/foundation/postgres';
import { TOPIC } from './business.ts';
import type { Seen } from './horizon-strategies.ts';

/** What a reader did wrong. All zero: every committed message once, and each key's versions in order without a jump. */
export interface Violations {
  /** Committed, never seen. */
  missed: number;
  /** Seen more than once. */
  repeated: number;
  /** Seen, but not committed. */
  invented: number;
  /** Seen after a message with a higher position. */
  backwards: number;
  /** The version of a key was not the one after the version read before. */
  outOfOrder: number;
  /** Keys whose last version read is not the one in the business table. */
  unfinished: number;
}

export interface Truth {
  readonly positions: ReadonlySet<bigint>;
  /** Version of each aggregate in the business table: the number of messages that it must have. */
  readonly versions: ReadonlyMap<string, bigint>;
}

/** Reads the truth from the tables; to be called when no transaction is open any more. */
export async function readTruth(db: Database): Promise<Truth> {
  const messages = await db.query<{ id: string }>('select id from outbox.message');
  const aggregates = await db.query<{ id: string; version: string }>('select id, version from public.aggregate');
  return {
    positions: new Set(messages.rows.map((row) => BigInt(row.id))),
    versions: new Map(aggregates.rows.map((row) => [row.id, BigInt(row.version)])),
  };
}

/** Compares what one reader saw, in the order in which it saw it, with the truth. */
export function judge(seen: readonly Seen[], truth: Truth): Violations {
  const violations: Violations = { missed: 0, repeated: 0, invented: 0, backwards: 0, outOfOrder: 0, unfinished: 0 };
  const positions = new Set<bigint>();
  const versions = new Map<string, bigint>();
  let highest = 0n;
  for (const message of seen) {
    if (positions.has(message.position)) violations.repeated += 1;
    if (!truth.positions.has(message.position)) violations.invented += 1;
    if (message.position < highest) violations.backwards += 1;
    positions.add(message.position);
    highest = message.position > highest ? message.position : highest;
    if (message.key === null || message.version === null) continue;
    if (message.version !== (versions.get(message.key) ?? 0n) + 1n) violations.outOfOrder += 1;
    versions.set(message.key, message.version);
  }
  for (const position of truth.positions) if (!positions.has(position)) violations.missed += 1;
  for (const [aggregate, version] of truth.versions) {
    if (version !== (versions.get(aggregate) ?? 0n)) violations.unfinished += 1;
  }
  return violations;
}

/** The truth has to agree with itself, or nothing else is proven: as many messages per key as its version says. */
export async function messagesPerAggregate(db: Database): Promise<Map<string, bigint>> {
  const counted = await db.query<{ key: string; n: string }>(
    `select convert_from(m.key, 'UTF8') as key, count(*) as n from outbox.message m
     join outbox.topic t on t.id = m.topic_id where t.name = '${TOPIC}' group by 1`,
  );
  return new Map(counted.rows.map((row) => [row.key, BigInt(row.n)]));
}
