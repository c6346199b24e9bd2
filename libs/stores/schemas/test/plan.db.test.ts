import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlanItem, PlanRequest } from '../src/planning/plan.ts';
import { BY, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let home: TestRegistry;
beforeEach(async () => {
  home = await startRegistry();
});
afterEach(() => home.stop());

const plan = (...items: PlanItem[]): PlanRequest => ({ items, configs: [], normalize: false });
const subjects = () => home.registry.listSubjects({ prefix: ':*:', deleted: 'include', offset: 0, limit: -1 });
const versions = (subject: string) =>
  home.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 });
const outcomes = async (request: PlanRequest) =>
  (await home.registry.plan(request, BY)).items.map(({ outcome }) => outcome);
async function traces(): Promise<{ audited: string[]; announced: number }> {
  const audited = await home.database.db.query<{ action: string }>('select action from audit.entry order by id');
  const announced = await home.database.db.query<{ count: number }>('select count(*)::int from outbox.message');
  return { audited: audited.rows.map(({ action }) => action), announced: announced.rows[0]!.count };
}

/** A record with a field of a referenced type. */
const holding = (name: string, type: string, ...more: string[]): string => {
  const parsed = JSON.parse(record(name, ...more)) as { fields: unknown[] };
  return JSON.stringify({ ...parsed, fields: [{ name: 'held', type }, ...parsed.fields] });
};

describe('a plan', () => {
  test('says what is new, what is unchanged and what is refused and why, and changes nothing', async () => {
    await home.register('same', record('Same', 'a'));
    await home.register('grown', record('Grown', 'a'));
    await home.register('broken', record('Broken', 'a'));
    const before = await traces();
    const result = await home.registry.plan(
      plan(
        { subject: 'same', schema: record('Same', 'a') },
        { subject: 'grown', schema: record('Grown', 'a', 'b?') },
        { subject: 'broken', schema: record('Broken', 'a', 'b') },
        { subject: 'nonsense', schema: '{"type":"recor"}' },
        { subject: ':.eu:new', schema: record('New', 'a') },
      ),
      BY,
    );
    expect(result).toMatchObject({
      applied: false,
      configs: [],
      items: [
        { subject: 'same', outcome: 'UNCHANGED', version: 1 },
        {
          subject: 'grown',
          outcome: 'NEW_VERSION',
          version: 2,
          schema: record('Grown', 'a', 'b?'),
          compatibilityLevel: 'BACKWARD',
          previous: { version: 1, schemaType: 'AVRO', schema: record('Grown', 'a') },
        },
        {
          subject: 'broken',
          outcome: 'REFUSED',
          refusal: { errorCode: 40_901, reasons: [{ version: 1, path: '/fields/1', fix: 'Give b a default.' }] },
        },
        { subject: 'nonsense', outcome: 'REFUSED', refusal: { errorCode: 42_201 } },
        { subject: ':.eu:new', outcome: 'NEW_SUBJECT', version: 1 },
      ],
    });
    expect([await subjects(), await versions('grown'), await traces()]).toEqual([
      ['broken', 'grown', 'same'],
      [1],
      before,
    ]);
    expect(await home.registry.listContexts({ prefix: '', offset: 0, limit: -1 })).toEqual(['.']);
  });

  test('finds what it plans itself, in whatever order it is given', async () => {
    const request = plan(
      { subject: 'order', schema: holding('Order', 'Money'), references: [{ name: 'Money', subject: 'money' }] },
      { subject: 'money', schema: record('Money', 'amount') },
    );
    expect(await outcomes(request)).toEqual(['NEW_SUBJECT', 'NEW_SUBJECT']);
    const applied = await home.registry.applyPlan(request, BY);
    expect(applied.items.map(({ version }) => version)).toEqual([1, 1]);
    const stored = await home.registry.getVersion('order', 'latest', {
      deleted: false,
      format: '',
      referenceFormat: '',
      findTags: [],
    });
    expect(stored.references).toEqual([{ name: 'Money', subject: 'money', version: 1 }]);
  });

  test('gives references the versions that its items become, and those of the registry for the rest', async () => {
    await home.register('money', record('Money', 'amount'));
    await home.register('money', record('Money', 'amount', 'currency?'));
    const money = (version: number, ...fields: string[]): PlanItem => ({
      subject: 'money',
      version,
      schema: record('Money', ...fields),
    });
    const holder = (subject: string, version: number | 'latest'): PlanItem => ({
      subject,
      schema: holding('Holder', 'Money'),
      references: [{ name: 'Money', subject: 'money', version }],
    });
    // The plan calls its third version 7; 1 is a version of the registry that the plan does not have.
    const request = plan(holder('a', 7), holder('b', 'latest'), holder('c', 1), money(7, 'amount', 'currency?', 'x?'));
    await home.registry.applyPlan(request, BY);
    const used = await Promise.all(
      ['a', 'b', 'c'].map(async (subject) => {
        const query = { deleted: false, format: '', referenceFormat: '', findTags: [] };
        return (await home.registry.getVersion(subject, 'latest', query)).references[0]?.version;
      }),
    );
    expect(used).toEqual([3, 3, 1]);
    expect(await outcomes(request)).toEqual(['UNCHANGED', 'UNCHANGED', 'UNCHANGED', 'UNCHANGED']);
  });

  test('does not try what refers to something that is refused', async () => {
    const result = await home.registry.plan(
      plan(
        { subject: 'top', schema: holding('Top', 'Mid'), references: [{ name: 'Mid', subject: 'mid' }] },
        { subject: 'mid', schema: holding('Mid', 'Low'), references: [{ name: 'Low', subject: 'low' }] },
        { subject: 'low', schema: 'no schema' },
        { subject: 'other', schema: record('Other', 'a') },
      ),
      BY,
    );
    expect(result.items.map(({ outcome }) => outcome)).toEqual(['SKIPPED', 'SKIPPED', 'REFUSED', 'NEW_SUBJECT']);
    expect(result.items[0]!.refusal?.message).toBe('It refers to mid, which is refused');
  });

  test('judges by the configs that it sets', async () => {
    await home.register('s', record('S', 'a'));
    const item = { subject: 's', schema: record('S', 'a', 'b') };
    expect(await outcomes(plan(item))).toEqual(['REFUSED']);
    const request = { ...plan(item), configs: [{ subject: 's', config: { compatibilityLevel: 'NONE' } }] };
    const { configs } = await home.registry.applyPlan(request, BY);
    expect(configs).toEqual([{ subject: 's', before: {}, after: { compatibilityLevel: 'NONE' } }]);
    expect(await home.registry.getConfig('s', { defaultToGlobal: false })).toEqual({ compatibilityLevel: 'NONE' });
    expect((await traces()).audited).toEqual(['schema.register', 'config.update', 'schema.register']);
  });
});

describe('applying a plan', () => {
  test('is one transaction: every change has its audit entry and message, and a second time there is none', async () => {
    const request: PlanRequest = {
      ...plan({ subject: 'a', schema: record('A', 'x') }, { subject: ':.eu:b', schema: record('B', 'x') }),
      configs: [{ subject: '', config: { compatibilityLevel: 'FULL' } }],
    };
    expect((await home.registry.applyPlan(request, BY)).applied).toBe(true);
    const after = await traces();
    expect(after).toEqual({ audited: ['config.update', 'schema.register', 'schema.register'], announced: 3 });
    const again = await home.registry.applyPlan(request, BY);
    expect([again.items.map(({ outcome }) => outcome), again.configs]).toEqual([['UNCHANGED', 'UNCHANGED'], []]);
    expect(await traces()).toEqual(after);
  });

  test('does nothing when one schema is refused, and says which', async () => {
    await home.register('s', record('S', 'a'));
    const before = await traces();
    const request = {
      ...plan({ subject: 'fine', schema: record('Fine', 'a') }, { subject: 's', schema: record('S', 'a', 'b') }),
      configs: [{ subject: 'fine', config: { compatibilityLevel: 'FULL' } }],
    };
    expect(await refusal(home.registry.applyPlan(request, BY))).toMatchObject({
      code: 40_901,
      message: expect.stringContaining('Nothing was applied: s: Schema being registered is incompatible'),
    });
    expect([await subjects(), await traces()]).toEqual([['s'], before]);
    expect(await refusal(home.registry.getConfig('fine', { defaultToGlobal: false }))).toMatchObject({ code: 40_408 });
  });

  test.each([
    ['a circle', [['a', 'b'] as const, ['b', 'a'] as const], 'refer to one another in a circle: '],
    [
      'a version twice',
      [['a', undefined, 4] as const, ['a', undefined, 4] as const],
      'two schemas called version 4 of a',
    ],
  ])('refuses %s before it asks the database', async (_name, given, message) => {
    const items = given.map(([subject, target, version]) => ({
      subject,
      schema: record('R', 'a'),
      ...(version === undefined ? {} : { version }),
      references: target === undefined ? [] : [{ name: 'T', subject: target }],
    }));
    const answer = await refusal(home.registry.applyPlan(plan(...items), BY));
    expect([answer.code, answer.message]).toEqual([42_201, expect.stringContaining(message)]);
  });

  test('beyond its bounds is refused', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({ subject: `s${index}`, schema: '"string"' }));
    expect(await refusal(home.registry.plan(plan(...many), BY))).toMatchObject({ code: 42_201 });
    const large = plan({ subject: 's', schema: ' '.repeat(8_388_609) });
    expect(await refusal(home.registry.plan(large, BY))).toMatchObject({ code: 42_201 });
  });

  test('of the same subjects at once, from several processes and beside registrations, never deadlocks', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const registries = [home.registry, home.another(), home.another()];
    const runs = Array.from({ length: 12 }, (_, run) => {
      const registry = registries[run % registries.length]!;
      // Each names the subjects in another order, and adds a field of its own to each.
      const turned = [...names.slice(run % 5), ...names.slice(0, run % 5)];
      const items = turned.map((subject) => ({ subject, schema: record('R', 'a', `f${run}?`) }));
      return run % 4 === 3
        ? Promise.all(items.map(({ subject, schema }) => home.register(subject, schema)))
        : registry.applyPlan(plan(...items), BY);
    });
    await Promise.all(runs);
    for (const name of names) expect(await versions(name)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});
