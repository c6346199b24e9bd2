import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BY, PLAIN, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let subject: string;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

const versions = () =>
  its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 });
const audit = async () =>
  (
    await its.database.db.query(
      `select e.actor, e.role, e.via, e.action, e.target, e.detail, e.request_id from audit.entry e where e.target = $1 order by e.id`,
      [subject],
    )
  ).rows;
const messages = async () =>
  (
    await its.database.db.query<{ payload: string }>(
      `select convert_from(m.payload, 'UTF8') as payload from outbox.message m join outbox.topic t on t.id = m.topic_id
       where t.name = 'schema-changes' and m.key = convert_to($1, 'UTF8') order by m.id`,
      [subject],
    )
  ).rows.map((row) => JSON.parse(row.payload) as Record<string, unknown>);

describe('a change', () => {
  test('commits with its audit entry and its message, or with neither', async () => {
    const made = await its.register(subject, record('A', 'x'));
    const detail = { version: 1, id: made.id, guid: made.guid, schemaType: 'AVRO' };
    expect(await audit()).toEqual([
      {
        actor: 'ada',
        role: 'operator',
        via: 'test',
        action: 'schema.register',
        target: subject,
        detail,
        request_id: 'r-1',
      },
    ]);
    expect(await messages()).toEqual([{ action: 'schema.register', subject, actor: 'ada', ...detail }]);
    await its.register(subject, record('A', 'x'));
    expect((await refusal(its.register(subject, record('A', 'x', 'z')))).code).toBe(40_901);
    expect(await messages()).toHaveLength(1);
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    await its.registry.putMode(subject, 'READWRITE', { force: false }, BY);
    await its.registry.deleteVersion(subject, 1, { permanent: false }, BY);
    await its.registry.deleteSubject(subject, { permanent: true }, BY);
    expect((await messages()).map(({ action }) => action)).toEqual([
      'schema.register',
      'config.update',
      'mode.update',
      'version.delete',
      'subject.delete',
    ]);
    expect((await audit()).map(({ action }) => action as string)).toHaveLength(5);
  });

  test('leaves nothing when its message cannot be written', async () => {
    await its.database.db.query(`select outbox.alter_topic('schema-changes', p_max_message_bytes => 10)`);
    try {
      await expect(its.register(subject, record('A', 'x'))).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    } finally {
      await its.database.db.query(`select outbox.alter_topic('schema-changes', p_max_message_bytes => 1000000)`);
    }
    expect((await refusal(versions())).code).toBe(40_401);
    expect(await audit()).toEqual([]);
  });
});

describe('registering in a transaction of the caller', () => {
  test('is there if and only if that commits', async () => {
    const make = (schema: string) =>
      its.database.db.transaction(async (tx) => {
        await tx.query(`create table if not exists business_${subject.replaceAll('-', '_')} (id int)`);
        return its.registry.registerInTransaction(tx, subject, { schema }, PLAIN, BY);
      });
    await expect(
      its.database.db.transaction(async (tx) => {
        await its.registry.registerInTransaction(tx, subject, { schema: record('A', 'x') }, PLAIN, BY);
        throw new Error('the migration failed');
      }),
    ).rejects.toThrow('the migration failed');
    expect((await refusal(versions())).code).toBe(40_401);
    expect(await messages()).toEqual([]);
    expect(await make(record('A', 'x'))).toMatchObject({ subject, version: 1 });
    expect(await versions()).toEqual([1]);
    expect(await messages()).toHaveLength(1);
  });

  test('sees what the transaction itself has registered, and keeps nothing of it', async () => {
    const target = `${subject}-t`;
    const user = '{"type":"record","name":"U","fields":[{"name":"t","type":"T"}]}';
    const references = [{ name: 'T', subject: target, version: 1 }];
    const register = (field: string) =>
      its.database.db.transaction(async (tx) => {
        await its.registry.registerInTransaction(tx, target, { schema: record('T', field) }, PLAIN, BY);
        const made = await its.registry.registerInTransaction(tx, subject, { schema: user, references }, PLAIN, BY);
        if (field === 'undone') throw new Error('undone');
        return made;
      });
    await expect(register('undone')).rejects.toThrow('undone');
    await register('kept');
    const inlined = `{"type":"record","name":"U","fields":[{"name":"t","type":${record('T', 'kept')}}]}`;
    expect(
      await its.registry.lookUp(subject, { schema: inlined }, { normalize: false, format: '', deleted: false }),
    ).toMatchObject({ version: 1 });
  });

  test('refuses a snapshot that cannot see what others commit', async () => {
    await expect(
      its.database.db.transaction(
        (tx) => its.registry.registerInTransaction(tx, subject, { schema: record('A', 'x') }, PLAIN, BY),
        'repeatable read',
      ),
    ).rejects.toMatchObject({ code: 'NOT_IN_TRANSACTION' });
  });

  test('a deletion is rolled back with its transaction too', async () => {
    await its.register(subject, record('A', 'x'));
    await expect(
      its.database.db.transaction(async (tx) => {
        await its.registry.deleteSubjectInTransaction(tx, subject, { permanent: false }, BY);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await versions()).toEqual([1]);
    await its.database.db.transaction((tx) =>
      its.registry.deleteSubjectInTransaction(tx, subject, { permanent: false }, BY),
    );
    its.registry.forget();
    expect(
      (
        await refusal(
          its.registry.getVersion(subject, 1, { deleted: false, format: '', referenceFormat: '', findTags: [] }),
        )
      ).code,
    ).toBe(40_401);
  });
});
