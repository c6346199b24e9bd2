import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

const query = { normalize: false, format: '', deleted: false };

describe('looking up a schema', () => {
  test('finds it whatever its spacing, and says 40401 or 40403 where there is none', async () => {
    expect(await refusal(its.registry.lookUp(subject, { schema: record('A', 'x') }, query))).toEqual({
      code: 40_401,
      message: `Subject '${subject}' not found.`,
    });
    const made = await its.register(subject, record('A', 'x'));
    expect(await its.registry.lookUp(subject, { schema: `  ${record('A', 'x')} ` }, query)).toEqual(made);
    expect(await refusal(its.registry.lookUp(subject, { schema: record('A', 'z') }, query))).toEqual({
      code: 40_403,
      message: 'Schema not found',
    });
  });

  test('soft-deleted versions only when asked for', async () => {
    await its.register(subject, record('A', 'x'));
    await its.register(subject, record('A', 'x', 'y?'));
    await its.registry.deleteVersion(subject, 1, { permanent: false }, BY);
    expect((await refusal(its.registry.lookUp(subject, { schema: record('A', 'x') }, query))).code).toBe(40_403);
    expect(await its.registry.lookUp(subject, { schema: record('A', 'x') }, { ...query, deleted: true })).toMatchObject(
      {
        version: 1,
        deleted: true,
      },
    );
    await its.registry.deleteSubject(subject, { permanent: false }, BY);
    expect((await refusal(its.registry.lookUp(subject, { schema: record('A', 'x') }, query))).code).toBe(40_401);
  });

  test('without metadata finds the version with that of the latest', async () => {
    await its.register(subject, record('A', 'x'), { metadata: { properties: { owner: 'ada' } } });
    expect(await its.registry.lookUp(subject, { schema: record('A', 'x') }, query)).toMatchObject({ version: 1 });
    expect(
      (
        await refusal(
          its.registry.lookUp(subject, { schema: record('A', 'x'), metadata: { properties: { owner: 'bob' } } }, query),
        )
      ).code,
    ).toBe(40_403);
  });

  test('a noted version in the metadata does not count', async () => {
    await its.register(subject, record('A', 'x'), { version: -1, metadata: { properties: { owner: 'ada' } } });
    expect(
      await its.registry.lookUp(
        subject,
        { schema: record('A', 'x'), metadata: { properties: { owner: 'ada' } } },
        query,
      ),
    ).toMatchObject({ version: 1, metadata: { properties: { owner: 'ada', 'confluent:version': '1' } } });
  });

  test('-1 in a reference is the latest, and a schema with its references inlined is the one with references', async () => {
    const target = `${subject}-t`;
    await its.register(target, record('T', 'x'));
    const text = '{"type":"record","name":"U","fields":[{"name":"t","type":"T"}]}';
    const made = await its.register(subject, text, { references: [{ name: 'T', subject: target, version: 1 }] });
    const latest = { schema: text, references: [{ name: 'T', subject: target, version: -1 }] };
    expect(await its.registry.lookUp(subject, latest, query)).toEqual(made);
    const inlined = `{"type":"record","name":"U","fields":[{"name":"t","type":${record('T', 'x')}}]}`;
    expect(await its.registry.lookUp(subject, { schema: inlined }, query)).toEqual(made);
  });

  test('in normal form when asked for, or when the config in scope says so', async () => {
    const spelled = '{"type":"record","name":"N","fields":[{"name":"x","type":{"type":"string","b":"1","a":"2"}}]}';
    const normal = await its.registry.register(
      subject,
      { schema: spelled },
      { normalize: true, format: '', force: false },
      BY,
    );
    const other = '{"type":"record","name":"N","fields":[{"name":"x","type":{"type":"string","a":"2","b":"1"}}]}';
    expect(await its.registry.lookUp(subject, { schema: other }, { ...query, normalize: true })).toEqual(normal);
    await its.registry.putConfig(subject, { normalize: true }, BY);
    expect(await its.registry.lookUp(subject, { schema: other }, query)).toEqual(normal);
  });

  test('an unreadable schema is 42201, an impossible name 42208', async () => {
    await its.register(subject, record('A', 'x'));
    expect(await refusal(its.registry.lookUp(subject, { schema: '{"type":"recor"}' }, query))).toMatchObject({
      code: 42_201,
      message: expect.stringContaining('Invalid schema'),
    });
    expect(await refusal(its.registry.lookUp('__GLOBAL', { schema: record('A', 'x') }, query))).toEqual({
      code: 42_208,
      message: "The specified subject '__GLOBAL' is not a valid.",
    });
  });

  test('a name without a context falls through to the contexts that have it', async () => {
    const made = await its.register(`:.b:${subject}`, record('A', 'x'));
    expect(await its.registry.lookUp(subject, { schema: record('A', 'x') }, query)).toEqual(made);
    expect((await refusal(its.registry.lookUp(`:.c:${subject}`, { schema: record('A', 'x') }, query))).code).toBe(
      40_401,
    );
  });
});
