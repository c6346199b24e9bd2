import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ASSOCIATION_GUARD } from '../src/associations/association-guard.ts';
import type { AssociationOp, ResourceRequest } from '../src/associations/associations.ts';
import { PostgresAssociations } from '../src/associations/postgres-associations.ts';
import { BY, refusal, record, startRegistry, type TestRegistry } from './registry-fixture.ts';

let running: TestRegistry;
let associations: PostgresAssociations;

beforeAll(async () => {
  running = await startRegistry({ associations: ASSOCIATION_GUARD });
  associations = new PostgresAssociations(running.database.pool(4), running.registry);
});
afterAll(() => running.stop());

const ALL = { resourceType: 'topic', associationTypes: [], lifecycle: '' };
const CHANGE = { context: '', dryRun: false };

let topics = 0;
/** A resource of its own for each test. */
function resource(...ops: AssociationOp[]): ResourceRequest & { resourceId: string; resourceName: string } {
  topics += 1;
  const resourceName = `topic${topics}`;
  return { resourceName, resourceNamespace: 'ns', resourceId: `id-${topics}`, associations: ops };
}

const versionsOf = (subject: string, deleted: 'exclude' | 'include' = 'exclude') =>
  running.registry.listVersions(subject, { deleted, deletedAsNegative: false, offset: 0, limit: -1 });

async function changesOf(subject: string): Promise<unknown[]> {
  const { rows } = await running.database.db.query<{ action: string; actor: string }>(
    `select e.action, e.actor from audit.entry e where e.target = $1 and e.action like 'association.%' order by e.id`,
    [subject],
  );
  const messages = await running.database.db.query<{ count: string }>(
    `select count(*) from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'schema-changes' and convert_from(m.key, 'utf8') = $1
     and convert_from(m.payload, 'utf8')::json ->> 'action' like 'association.%'`,
    [subject],
  );
  return [rows.map(({ action, actor }) => `${action} by ${actor}`), Number(messages.rows[0]!.count)];
}

describe('associations', () => {
  test('are found by subject, by name in any or one namespace, and by id', async () => {
    await running.register('found', record('Found', 'a'));
    const wanted = resource({ op: 'CREATE', subject: 'found', associationType: 'key' });
    const answer = await associations.change(wanted, CHANGE, BY);
    expect(answer).toEqual({
      resourceName: wanted.resourceName,
      resourceNamespace: 'ns',
      resourceId: wanted.resourceId,
      resourceType: 'topic',
      associations: [{ subject: 'found', associationType: 'key', lifecycle: 'WEAK', frozen: false }],
    });
    const [found] = await associations.listBySubject('found', ALL);
    expect(found).toMatchObject({
      ...answer.associations![0],
      resourceId: wanted.resourceId,
      guid: expect.any(String),
    });
    expect(found!.createTs).toBeGreaterThan(1_700_000_000_000);
    for (const namespace of ['-', 'ns']) {
      expect(await associations.listByName(namespace, wanted.resourceName, ALL)).toEqual([found]);
    }
    expect(await associations.listByName('other', wanted.resourceName, ALL)).toEqual([]);
    expect(await associations.listByResource(wanted.resourceId, ALL)).toEqual([found]);
    expect(await associations.listByResource(wanted.resourceId, { ...ALL, associationTypes: ['value'] })).toEqual([]);
    expect(await associations.listByResource(wanted.resourceId, { ...ALL, lifecycle: 'STRONG' })).toEqual([]);
    expect(await changesOf('found')).toEqual([['association.create by ada'], 1]);
  });

  test('register a schema in the same transaction: both are there, or neither', async () => {
    const good = resource({ op: 'CREATE', schema: { schema: record('Owned', 'a') } });
    const subject = `:.ns:${good.resourceName}-value`;
    const answer = await associations.change(good, CHANGE, BY);
    expect(answer.associations).toMatchObject([
      { subject, lifecycle: 'STRONG', frozen: true, schema: { version: 1, subject } },
    ]);
    const bad = resource(
      { op: 'CREATE', associationType: 'key', schema: { schema: record('Fine', 'a') } },
      { op: 'CREATE', associationType: 'value', schema: { schema: '{"type":' } },
    );
    expect(await refusal(associations.change(bad, CHANGE, BY))).toMatchObject({ code: 42_201 });
    expect(await associations.listByResource(bad.resourceId, ALL)).toEqual([]);
    expect(
      await running.registry.listSubjects({
        prefix: `:.ns:${bad.resourceName}`,
        deleted: 'include',
        offset: 0,
        limit: -1,
      }),
    ).toEqual([]);
    expect(await changesOf(`:.ns:${bad.resourceName}-key`)).toEqual([[], 0]);
  });

  test('of a dry run are checked and not made', async () => {
    await running.register('dry', record('Dry', 'a'));
    const wanted = { ...resource({ op: 'CREATE', subject: 'dry' }), resourceId: null };
    const answer = await associations.change(wanted, { context: '', dryRun: true }, BY);
    expect(answer).toMatchObject({ resourceName: wanted.resourceName, resourceId: undefined });
    expect(answer.associations).toBeUndefined();
    expect(await associations.listBySubject('dry', ALL)).toEqual([]);
    const missing = { ...resource({ op: 'CREATE', subject: 'missing' }), resourceId: null };
    expect(await refusal(associations.change(missing, { context: '', dryRun: true }, BY))).toMatchObject({
      code: 40_907,
    });
    expect(await changesOf('dry')).toEqual([[], 0]);
  });

  test('are created, changed and deleted in the order of one request', async () => {
    await running.register('first', record('First', 'a'));
    await running.register('second', record('Second', 'a'));
    const setUp = resource({ op: 'CREATE', subject: 'first', associationType: 'key' });
    await associations.change(setUp, CHANGE, BY);
    const ops: AssociationOp[] = [
      { op: 'CREATE', subject: 'second', associationType: 'value', lifecycle: 'STRONG' },
      { op: 'UPSERT', subject: 'first', associationType: 'key', lifecycle: 'STRONG' },
      { op: 'DELETE', associationType: 'key' },
    ];
    const answer = await associations.change({ ...setUp, associations: ops }, CHANGE, BY);
    expect(answer.associations).toEqual([
      { subject: 'second', associationType: 'value', lifecycle: 'STRONG', frozen: false },
    ]);
    expect(await associations.listBySubject('first', ALL)).toEqual([]);
    expect(await changesOf('first')).toEqual([
      ['association.create by ada', 'association.update by ada', 'association.delete by ada'],
      3,
    ]);
  });

  test('keep the time of their creation through changes', async () => {
    await running.register('times', record('Times', 'a'));
    const wanted = resource({ op: 'CREATE', subject: 'times' });
    await associations.change(wanted, CHANGE, BY);
    const [before] = await associations.listBySubject('times', ALL);
    const change: AssociationOp = { op: 'UPSERT', subject: 'times', lifecycle: 'STRONG' };
    await associations.change({ ...wanted, associations: [change] }, CHANGE, BY);
    const [after] = await associations.listBySubject('times', ALL);
    expect(after).toMatchObject({ guid: before!.guid, createTs: before!.createTs, lifecycle: 'STRONG' });
    expect(after!.updateTs).toBeGreaterThanOrEqual(before!.updateTs);
  });

  test('that conflict leave everything as it was', async () => {
    await running.register('owned', record('OwnedOnce', 'a'));
    const owner = resource({ op: 'CREATE', subject: 'owned', lifecycle: 'STRONG' });
    await associations.change(owner, CHANGE, BY);
    const before = await associations.listBySubject('owned', ALL);
    const other = resource({ op: 'CREATE', subject: 'owned' });
    expect(await refusal(associations.change(other, CHANGE, BY))).toMatchObject({ code: 40_905 });
    const again = { ...owner, associations: [{ op: 'CREATE', subject: 'owned', lifecycle: 'WEAK' } as const] };
    expect(await refusal(associations.change(again, CHANGE, BY))).toMatchObject({ code: 40_903 });
    expect(await associations.listBySubject('owned', ALL)).toEqual(before);
  });

  test('of two at once for one subject: one STRONG one is made', async () => {
    await running.register('contested', record('Contested', 'a'));
    const attempts = Array.from({ length: 6 }, () =>
      associations.change(resource({ op: 'CREATE', subject: 'contested', lifecycle: 'STRONG' }), CHANGE, BY),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await associations.listBySubject('contested', ALL)).toHaveLength(1);
  });

  test('keep their subject from being referred to when they are STRONG', async () => {
    await running.register('target', record('Target', 'a'));
    await associations.change(resource({ op: 'CREATE', subject: 'target', lifecycle: 'STRONG' }), CHANGE, BY);
    const references = [{ name: 'Target', subject: 'target', version: 1 }];
    const refers = '{"type":"record","name":"Refers","fields":[{"name":"t","type":"Target"}]}';
    expect(await refusal(running.register('refers', refers, { references }))).toMatchObject({ code: 42_205 });
  });
});

describe('removing', () => {
  test('takes those of the filter, and 40410 when there is none', async () => {
    await running.register('gone', record('Gone', 'a'));
    const wanted = resource(
      { op: 'CREATE', subject: 'gone', associationType: 'key' },
      { op: 'CREATE', subject: 'gone', associationType: 'value' },
    );
    await associations.change(wanted, CHANGE, BY);
    const options = { resourceType: 'topic', associationTypes: ['key'], cascade: false, dryRun: false };
    await associations.remove(wanted.resourceId, { ...options, dryRun: true }, BY);
    expect(await associations.listByResource(wanted.resourceId, ALL)).toHaveLength(2);
    await associations.remove(wanted.resourceId, options, BY);
    expect(await associations.listByResource(wanted.resourceId, ALL)).toMatchObject([{ associationType: 'value' }]);
    expect(await refusal(associations.remove(wanted.resourceId, options, BY))).toMatchObject({ code: 40_410 });
    expect(await versionsOf('gone')).toEqual([1]);
  });

  test('of a frozen one needs the cascade, which deletes the subject in the same transaction', async () => {
    const wanted = resource({ op: 'CREATE', schema: { schema: record('Frozen', 'a') } });
    await associations.change(wanted, CHANGE, BY);
    const options = { resourceType: 'topic', associationTypes: [], cascade: false, dryRun: false };
    expect(await refusal(associations.remove(wanted.resourceId, options, BY))).toMatchObject({ code: 40_908 });
    await associations.remove(wanted.resourceId, { ...options, cascade: true }, BY);
    expect(await associations.listByResource(wanted.resourceId, ALL)).toEqual([]);
    const subject = `:.ns:${wanted.resourceName}-value`;
    expect(await refusal(versionsOf(subject))).toMatchObject({ code: 40_401 });
    expect(await versionsOf(subject, 'include')).toEqual([1]);
  });

  test('with the cascade removes nothing when the subject cannot be deleted', async () => {
    const schema = record('Kept', 'a');
    const wanted = resource({ op: 'UPSERT', schema: { schema } });
    await associations.change(wanted, CHANGE, BY);
    const subject = `:.ns:${wanted.resourceName}-value`;
    await running.registry.putMode(subject, 'READONLY', { force: false }, BY);
    const options = { resourceType: 'topic', associationTypes: [], cascade: true, dryRun: false };
    expect(await refusal(associations.remove(wanted.resourceId, options, BY))).toMatchObject({ code: 42_205 });
    expect(await associations.listByResource(wanted.resourceId, ALL)).toHaveLength(1);
  });

  test('comes before deleting a subject', async () => {
    await running.register('held', record('Held', 'a'));
    const wanted = resource({ op: 'CREATE', subject: 'held' });
    await associations.change(wanted, CHANGE, BY);
    const permanent = { permanent: false };
    expect(await refusal(running.registry.deleteSubject('held', permanent, BY))).toMatchObject({ code: 40_904 });
    expect(await refusal(running.registry.deleteVersion('held', 1, permanent, BY))).toMatchObject({ code: 40_907 });
    const options = { resourceType: 'topic', associationTypes: [], cascade: false, dryRun: false };
    await associations.remove(wanted.resourceId, options, BY);
    expect(await running.registry.deleteSubject('held', permanent, BY)).toEqual([1]);
  });
});
