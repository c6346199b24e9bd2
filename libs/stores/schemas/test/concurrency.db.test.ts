import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import type { PostgresSchemaRegistry } from '../src/postgres-schema-registry.ts';
import { BY, PLAIN, record, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let nodes: PostgresSchemaRegistry[];
let subject: string;
beforeAll(async () => {
  its = await startRegistry();
  nodes = Array.from({ length: 4 }, () => its.another());
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

const on = (turn: number) => nodes[turn % nodes.length]!;
const count = (n: number) => Array.from({ length: n }, (_, i) => i);
const versionsOf = (name: string) =>
  its.registry.listVersions(name, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 });

describe('registering at the same time', () => {
  test('the same schema: one id and one version', async () => {
    const name = `R${randomUUID().slice(0, 4)}`;
    const made = await Promise.all(
      count(32).map((i) => on(i).register(subject, { schema: record(name, 'x') }, PLAIN, BY)),
    );
    expect(new Set(made.map(({ id, version }) => `${id}/${version}`)).size).toBe(1);
    expect(await versionsOf(subject)).toEqual([1]);
  });

  test('the same schema under different subjects: one id', async () => {
    const name = `R${randomUUID().slice(0, 4)}`;
    const made = await Promise.all(
      count(32).map((i) => on(i).register(`${subject}-${i}`, { schema: record(name, 'x') }, PLAIN, BY)),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  test('different schemas: versions without a gap, each its own id', async () => {
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    const made = await Promise.all(
      count(40).map((i) =>
        on(i).register(subject, { schema: record(`R${i}`, subject.replaceAll('-', '_')) }, PLAIN, BY),
      ),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(count(40).map((i) => i + 1));
    expect(new Set(made.map(({ id }) => id)).size).toBe(40);
  });

  test('where transactions keep their snapshot by default: the same', async () => {
    const apart = await startRegistry();
    try {
      const [{ name }] = (await apart.database.db.query<{ name: string }>('select current_database() as name'))
        .rows as [{ name: string }];
      await apart.database.db.query(`alter database "${name}" set default_transaction_isolation = 'repeatable read'`);
      const others = count(3).map(() => apart.another());
      const made = await Promise.all(
        count(24).map((i) =>
          others[i % 3]!.register(subject, { schema: record('R', ...count(i + 1).map((n) => `f${n}?`)) }, PLAIN, BY),
        ),
      );
      expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(count(24).map((i) => i + 1));
    } finally {
      await apart.stop();
    }
  });

  test('a config that comes between the look and the lock counts', async () => {
    const before = on(0);
    await before.register(subject, { schema: record('R', 'x') }, PLAIN, BY);
    const holder = await its.database.db.connect();
    try {
      await holder.query('begin');
      await holder.query(
        `insert into registry.config (context, subject, compatibility_level) values ('.', $1, 'NONE')`,
        [subject],
      );
      await holder.query(
        `select pg_advisory_xact_lock(8389432049605279744 + (hashtextextended($1, 1) & 17592186044415))`,
        [subject],
      );
      const registering = before.register(subject, { schema: record('R', 'x', 'y?') }, PLAIN, BY);
      await eventually(async () => {
        const waiting = await its.database.db.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory' and datname = current_database()`,
        );
        expect(waiting.rowCount).toBeGreaterThan(0);
      });
      await holder.query('update registry.revision set number = number + 1');
      await holder.query(
        `update registry.config set normalize = true, default_metadata = '{"properties": {"owner": "a"}}' where subject = $1`,
        [subject],
      );
      await holder.query('commit');
      expect((await registering).metadata).toEqual({ properties: { owner: 'a' } });
    } finally {
      holder.release(true);
    }
  });

  test('expected versions: exactly one of those that want the same number gets it', async () => {
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    const outcomes = await Promise.allSettled(
      count(8).map((i) => on(i).register(subject, { schema: record(`C${i}`, 'x'), version: 1 }, PLAIN, BY)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ message: 'Version is not one more than previous version' });
      }
    }
  });

  test('a new context is made once, and its ids begin at 1 without a gap', async () => {
    const context = `.n${randomUUID().slice(0, 6)}`;
    const made = await Promise.all(
      count(16).map((i) => on(i).register(`:${context}:s${i}`, { schema: record(`R${i}`, 'x') }, PLAIN, BY)),
    );
    expect(made.map(({ id }) => id).sort((a, b) => a - b)).toEqual(count(16).map((i) => i + 1));
  });
});

describe('without a deadlock', () => {
  test('subjects that refer to one another, deletions and settings at the same time', async () => {
    const a = `${subject}-a`;
    const b = `${subject}-b`;
    const unique = () => `T${randomUUID().replaceAll('-', '')}`;
    for (const name of [a, b]) {
      await its.registry.putConfig(name, { compatibilityLevel: 'NONE' }, BY);
      await its.register(name, record(`Base${name.at(-1)!}`, 'x'));
    }
    const refer = (from: string, to: string) => {
      const target = `Base${to.at(-1)!}`;
      const schema = `{"type":"record","name":"${unique()}","fields":[{"name":"f","type":"${target}"}]}`;
      return { subject: from, request: { schema, references: [{ name: target, subject: to, version: 1 }] } };
    };
    const work = count(60).map(async (i) => {
      const node = on(i);
      if (i % 5 === 4) await node.putConfig(i % 2 === 0 ? a : undefined, { validateFields: i % 3 === 0 }, BY);
      else if (i % 5 === 3) {
        const { version } = await node.register(b, { schema: record(unique(), 'x') }, PLAIN, BY);
        await node.deleteVersion(b, version, { permanent: false }, BY);
        await node.deleteVersion(b, version, { permanent: true }, BY);
      } else {
        const { subject, request } = i % 2 === 0 ? refer(a, b) : refer(b, a);
        await node.register(subject, request, PLAIN, BY);
      }
    });
    await Promise.all(work);
    const { rows } = await its.database.db.query<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(Number(rows[0]!.deadlocks)).toBe(0);
  });

  test('nothing is referred to that was deleted at the same moment', async () => {
    for (const round of count(20)) {
      const target = `${subject}-${round}`;
      const name = `T${round}`;
      await its.register(target, record(name, subject.replaceAll('-', '_')));
      const schema = `{"type":"record","name":"U${round}","fields":[{"name":"f","type":"${name}"}]}`;
      const [referring, deleting] = await Promise.allSettled([
        on(round).register(
          `${target}-user`,
          { schema, references: [{ name, subject: target, version: 1 }] },
          PLAIN,
          BY,
        ),
        on(round + 1).deleteSubject(target, { permanent: false }, BY),
      ]);
      expect([referring.status, deleting.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  test('an id outlives a permanent deletion that meets a registration of the same schema', async () => {
    for (const round of count(20)) {
      const text = record(`D${round}`, subject.replaceAll('-', '_'));
      const first = `${subject}-d${round}`;
      await its.register(first, text);
      await its.registry.deleteSubject(first, { permanent: false }, BY);
      const [made] = await Promise.all([
        on(round).register(`${first}-2`, { schema: text }, PLAIN, BY),
        on(round + 1).deleteSubject(first, { permanent: true }, BY),
      ]);
      const query = { subject: undefined, format: '', referenceFormat: '', findTags: [], fetchMaxId: false };
      expect((await its.another().getById(made.id, query)).guid).toBe(made.guid);
    }
  });

  test('imports and registrations in one context never give an id twice', async () => {
    const context = `.i${randomUUID().slice(0, 6)}`;
    const importing = `:${context}:imported`;
    await its.registry.putMode(importing, 'IMPORT', { force: false }, BY);
    const made = await Promise.all(
      count(40).map((i) =>
        i % 2 === 0
          ? on(i).register(`:${context}:own-${i}`, { schema: record(`O${i}`, 'x') }, PLAIN, BY)
          : on(i).register(importing, { schema: record(`I${i}`, 'x'), id: 1_000 + i * 100, version: i }, PLAIN, BY),
      ),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(40);
  });
});

describe('a process that dies', () => {
  test('in the middle of a registration leaves nothing and holds nobody', async () => {
    const { db } = its.database;
    const dying = await db.connect();
    const pid = (await dying.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
    await dying.query('begin');
    await its.registry.registerInTransaction(dying, subject, { schema: record('K', 'x') }, PLAIN, BY);
    const waiting = its.register(subject, record('K', 'x', 'y?'));
    await eventually(async () => {
      const { rows } = await db.query(
        `select from pg_locks l where l.locktype = 'advisory' and not l.granted
         and $1 = any(pg_blocking_pids(l.pid))`,
        [pid],
      );
      expect(rows).toHaveLength(1);
    });
    await db.query('select pg_terminate_backend($1)', [pid]);
    expect(await waiting).toMatchObject({ version: 1 });
    dying.release(true);
    const { rows } = await db.query(`select from audit.entry e where e.target = $1`, [subject]);
    expect(rows).toHaveLength(1);
  });
});
