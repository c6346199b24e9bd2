import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RuleSet } from '#libs/formats/schema';
import { BY, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let subject: string;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

const rules = (name: string): RuleSet => ({
  domainRules: [{ name, kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'true' }],
});

describe('metadata and rules', () => {
  test('are a part of the identity, null and empty apart', async () => {
    const none = await its.register(subject, record('A', 'x'));
    const empty = await its.register(`${subject}-2`, record('A', 'x'), { metadata: {} });
    const some = await its.register(`${subject}-3`, record('A', 'x'), { metadata: { properties: { a: '1' } } });
    expect(new Set([none.id, empty.id, some.id]).size).toBe(3);
    expect([none.metadata, empty.metadata, some.metadata]).toEqual([null, {}, { properties: { a: '1' } }]);
  });

  test('are inherited from the previous version when absent', async () => {
    const metadata = { properties: { owner: 'ada' } };
    await its.register(subject, record('A', 'x'), { metadata, ruleSet: rules('r') });
    expect(await its.register(subject, record('A', 'x', 'y?'))).toMatchObject({
      version: 2,
      metadata,
      ruleSet: rules('r'),
    });
    expect(
      await its.register(subject, record('A', 'x', 'y?'), { metadata: { properties: { owner: 'bob' } } }),
    ).toMatchObject({
      version: 3,
      metadata: { properties: { owner: 'bob' } },
      ruleSet: rules('r'),
    });
  });

  test('an empty schema with new metadata is a version with the text before', async () => {
    const one = await its.register(subject, record('A', 'x'));
    const two = await its.register(subject, '', { metadata: { properties: { a: '1' } } });
    expect(two).toMatchObject({ version: 2, schema: one.schema, metadata: { properties: { a: '1' } } });
    expect(await refusal(its.register(`${subject}-none`, '  '))).toEqual({ code: 42_201, message: 'Empty schema' });
  });

  test('are merged with the defaults and overrides in scope', async () => {
    await its.registry.putConfig(
      subject,
      {
        defaultMetadata: { properties: { a: 'default', b: 'default' } },
        overrideMetadata: { properties: { c: 'override' } },
        defaultRuleSet: rules('from-config'),
      },
      BY,
    );
    const made = await its.register(subject, record('A', 'x'), { metadata: { properties: { b: 'mine', c: 'mine' } } });
    expect(made.metadata).toEqual({ properties: { a: 'default', b: 'mine', c: 'override' } });
    expect(made.ruleSet).toEqual(rules('from-config'));
    expect(
      await its.register(subject, record('A', 'x'), { metadata: { properties: { b: 'mine', c: 'mine' } } }),
    ).toEqual(made);
  });

  test('version -1 notes the next version, a number has to be the next one', async () => {
    const one = await its.register(subject, record('A', 'x'), { version: -1 });
    expect(one.metadata).toEqual({ properties: { 'confluent:version': '1' } });
    expect(await refusal(its.register(subject, record('A', 'x', 'y?'), { version: 5 }))).toEqual({
      code: 42_201,
      message: 'Version is not one more than previous version',
    });
    expect(await its.register(subject, record('A', 'x', 'y?'), { version: 2 })).toMatchObject({
      version: 2,
      metadata: { properties: { 'confluent:version': '2' } },
    });
    expect(await its.register(subject, record('A', 'x', 'y?'), { version: 2 })).toMatchObject({ version: 2 });
  });

  test('the latest version with given properties is found', async () => {
    await its.register(subject, record('A', 'x'), { metadata: { properties: { major: '1', team: 'a' } } });
    await its.register(subject, record('A', 'x', 'y?'), { metadata: { properties: { major: '1', team: 'b' } } });
    await its.register(subject, record('A', 'x', 'z?'), { metadata: { properties: { major: '2', team: 'b' } } });
    const query = { deleted: false, format: '' };
    expect(await its.registry.getLatestWithMetadata(subject, { major: '1' }, query)).toMatchObject({ version: 2 });
    expect(await its.registry.getLatestWithMetadata(subject, { major: '1', team: 'a' }, query)).toMatchObject({
      version: 1,
    });
    expect((await refusal(its.registry.getLatestWithMetadata(subject, { major: '3' }, query))).code).toBe(40_403);
    expect((await refusal(its.registry.getLatestWithMetadata('none', { major: '3' }, query))).code).toBe(40_401);
  });

  test('only versions of the same compatibility group are compared', async () => {
    await its.registry.putConfig(subject, { compatibilityGroup: 'major' }, BY);
    await its.register(subject, record('A', 'x'), { metadata: { properties: { major: '1' } } });
    const breaking = record('A', 'x', 'y');
    expect((await refusal(its.register(subject, breaking, { metadata: { properties: { major: '1' } } }))).code).toBe(
      40_901,
    );
    expect(await its.register(subject, breaking, { metadata: { properties: { major: '2' } } })).toMatchObject({
      version: 2,
    });
    expect(
      await its.register(subject, record('A', 'x', 'z?'), { metadata: { properties: { major: '1' } } }),
    ).toMatchObject({
      version: 3,
    });
  });

  test('a version gets other metadata and rules as a next version that notes its number', async () => {
    await its.register(subject, record('A', 'x'), { ruleSet: rules('old') });
    const changed = await its.registry.changeTags(
      subject,
      'latest',
      { metadata: { properties: { a: '1' } }, rulesToMerge: rules('new'), rulesToRemove: ['old'] },
      BY,
    );
    expect(changed).toMatchObject({
      version: 2,
      metadata: { properties: { a: '1', 'confluent:version': '2' } },
      ruleSet: rules('new'),
    });
  });

  test('bad rules are 42210', async () => {
    const twice = { domainRules: [...rules('r').domainRules!, ...rules('r').domainRules!] };
    expect(await refusal(its.register(subject, record('A', 'x'), { ruleSet: twice }))).toEqual({
      code: 42_210,
      message: "Found rule with duplicate name 'r'",
    });
  });
});
