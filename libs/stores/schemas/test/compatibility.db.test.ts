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

const check = (version: number | 'latest' | undefined, schema: string, verbose = true, schemaType = 'AVRO') =>
  its.registry.checkCompatibility(subject, version, { schema, schemaType }, { normalize: false, verbose });

describe('checking compatibility', () => {
  test('of an unknown subject: compatible, unless a version is named', async () => {
    expect(await check(undefined, record('A', 'x'))).toEqual({ compatible: true, messages: [], reasons: [] });
    expect(await check('latest', record('A', 'x'))).toMatchObject({ compatible: true });
    expect(await refusal(check(1, record('A', 'x')))).toEqual({ code: 40_402, message: 'Version 1 not found.' });
    expect((await refusal(check(0, record('A', 'x')))).code).toBe(42_202);
  });

  test('against one version or as the level says, with messages and reasons', async () => {
    await its.register(subject, record('A', 'x'));
    await its.register(subject, record('A', 'x', 'y?'));
    const breaking = await check(undefined, record('A', 'x', 'z'));
    expect(breaking.compatible).toBe(false);
    expect(breaking.messages).toEqual([
      expect.stringContaining('READER_FIELD_MISSING_DEFAULT_VALUE'),
      '{oldSchemaVersion: 2}',
      expect.stringContaining('{oldSchema: '),
      "{validateFields: 'false', compatibility: 'BACKWARD'}",
    ]);
    expect(breaking.reasons).toEqual([expect.objectContaining({ version: 2, fix: 'Give z a default.' })]);
    expect((await check(1, record('A', 'x', 'y'))).compatible).toBe(false);
    expect((await check(2, record('A', 'x', 'y'))).compatible).toBe(true);
    expect((await check('latest', record('A', 'x', 'y'))).compatible).toBe(true);
  });

  test('transitive levels ask every live version, the newest first, however many', async () => {
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    await its.register(subject, record('A', 'first'));
    for (let i = 0; i < 60; i++) await its.register(subject, record('A', 'x', `n${i}?`));
    await its.registry.putConfig(subject, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }, BY);
    const verdict = await check(undefined, record('A', 'x'));
    expect(verdict).toMatchObject({ compatible: false, reasons: [{ version: 1 }] });
    await its.registry.deleteVersion(subject, 1, { permanent: false }, BY);
    expect((await check(undefined, record('A', 'x'))).compatible).toBe(true);
  });

  test('another schema type is incompatible, unless the level is NONE', async () => {
    await its.register(subject, record('A', 'x'));
    expect(await check(undefined, record('A', 'x'), true, 'JSON')).toMatchObject({
      compatible: false,
      messages: [
        'Incompatible because of different schema type',
        "{validateFields: 'false', compatibility: 'BACKWARD'}",
      ],
    });
    expect((await refusal(its.register(subject, record('A', 'x', 'y?'), { schemaType: 'JSON' }))).code).toBe(40_901);
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    expect(await its.register(subject, record('A', 'x', 'y?'), { schemaType: 'JSON' })).toMatchObject({
      schemaType: 'JSON',
    });
  });

  test('an unreadable schema is an answer when verbose, else 42201', async () => {
    await its.register(subject, record('A', 'x'));
    expect(await check(undefined, '{"type":"wrong"}')).toMatchObject({
      compatible: false,
      messages: [expect.stringMatching(/^Invalid schema/)],
    });
    expect((await refusal(check(undefined, '{"type":"wrong"}', false))).code).toBe(42_201);
  });

  test('changes nothing', async () => {
    await check(undefined, record('A', 'x'));
    expect(
      (
        await refusal(
          its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 }),
        )
      ).code,
    ).toBe(40_401);
  });
});
