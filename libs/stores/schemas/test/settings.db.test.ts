import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfigChange } from '../src/registry.ts';
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
afterEach(async () => {
  await its.database.db.query('delete from registry.config; delete from registry.mode');
});

const put = (name: string | undefined, change: ConfigChange) => its.registry.putConfig(name, change, BY);
const own = (name: string | undefined) => its.registry.getConfig(name, { defaultToGlobal: false });
const inScope = (name: string | undefined) => its.registry.getConfig(name, { defaultToGlobal: true });
const setMode = (name: string | undefined, mode: string, force = false) =>
  its.registry.putMode(name, mode, { force }, BY);

describe('config', () => {
  test('answers 40408 where nothing is set, except for the global record', async () => {
    expect(await refusal(own(subject))).toEqual({
      code: 40_408,
      message: `Subject '${subject}' does not have subject-level compatibility configured`,
    });
    expect(await own(undefined)).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect((await refusal(own(':.ctx:'))).code).toBe(40_408);
  });

  test('is merged field by field: subject, context, everything, default', async () => {
    await put(':.__GLOBAL:', { compatibilityGroup: 'everywhere', normalize: true, compatibilityLevel: 'FULL' });
    await put(':.ctx:', { compatibilityLevel: 'NONE', alias: 'of the context alone' });
    await put(`:.ctx:${subject}`, { normalize: false });
    expect(await inScope(`:.ctx:${subject}`)).toEqual({
      compatibilityGroup: 'everywhere',
      compatibilityLevel: 'NONE',
      normalize: false,
    });
    expect(await own(`:.ctx:${subject}`)).toEqual({ normalize: false });
    expect(await inScope(subject)).toMatchObject({ compatibilityLevel: 'FULL', normalize: true });
  });

  test('a named context inherits nothing from the default one', async () => {
    await put(undefined, { compatibilityLevel: 'FORWARD' });
    expect(await inScope(subject)).toEqual({ compatibilityLevel: 'FORWARD' });
    expect(await inScope(`:.ctx:${subject}`)).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  test('keeps absent fields and clears null ones; the last one takes the record along', async () => {
    await put(subject, { compatibilityLevel: 'full_transitive', validateFields: true });
    expect(await put(subject, { compatibilityGroup: 'major' })).toEqual({
      compatibilityLevel: 'FULL_TRANSITIVE',
      validateFields: true,
      compatibilityGroup: 'major',
    });
    expect(await put(subject, { compatibilityLevel: null, validateFields: null })).toEqual({
      compatibilityGroup: 'major',
    });
    await put(subject, { compatibilityGroup: null });
    expect((await refusal(own(subject))).code).toBe(40_408);
  });

  test('keeps every field', async () => {
    const all = {
      alias: 'other',
      aliasForDeks: 'keys',
      normalize: true,
      validateFields: true,
      validateNewSchemas: false,
      validateRules: true,
      compatibilityLevel: 'FORWARD_TRANSITIVE',
      compatibilityPolicy: 'LENIENT',
      compatibilityGroup: 'major',
      defaultMetadata: { tags: { '**.ssn': ['PII'] }, properties: { a: '1' } },
      overrideMetadata: { sensitive: ['a'] },
      defaultRuleSet: { domainRules: [{ name: 'r', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'true' }] },
      overrideRuleSet: { migrationRules: [{ name: 'm', kind: 'TRANSFORM', mode: 'UPGRADE', type: 'JSONATA' }] },
    } as const;
    await put(subject, all);
    expect(await own(subject)).toEqual(all);
  });

  test('refuses a bad level with 42203, bad rules with 42210, a bad name with 42208, and changes nothing', async () => {
    expect(await refusal(put(subject, { compatibilityLevel: 'SOMETIMES' }))).toEqual({
      code: 42_203,
      message:
        'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
    });
    expect((await refusal(put(subject, { compatibilityPolicy: 'KIND' }))).code).toBe(42_203);
    const bad = { domainRules: [{ name: '1st', mode: 'WRITE', type: 'CEL' }] } as const;
    expect((await refusal(put(subject, { defaultRuleSet: bad }))).code).toBe(42_210);
    expect((await refusal(put('__GLOBAL', { normalize: true }))).code).toBe(42_208);
    expect((await refusal(own(subject))).code).toBe(40_408);
  });

  test('deleting gives what was there, and 40401 where nothing is', async () => {
    await put(subject, { compatibilityLevel: 'NONE' });
    expect(await its.registry.deleteConfig(subject, BY)).toEqual({ compatibilityLevel: 'NONE' });
    expect(await refusal(its.registry.deleteConfig(subject, BY))).toEqual({
      code: 40_401,
      message: `Subject '${subject}' not found.`,
    });
    await put(undefined, { compatibilityLevel: 'FULL' });
    expect(await its.registry.deleteConfig(undefined, BY)).toEqual({ compatibilityLevel: 'FULL' });
    expect(await own(undefined)).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  test('is noticed by other processes at the latest after freshMs', async () => {
    let now = 0;
    const other = its.another({ clock: { now: () => now }, freshMs: 100 });
    await its.register(subject, record('A', 'x'));
    const read = { deleted: false, format: '', referenceFormat: '', findTags: [] };
    expect((await other.getVersion(subject, 1, read)).version).toBe(1);
    await its.register(`${subject}-target`, record('B', 'x'));
    await put(subject, { alias: `${subject}-target` });
    expect((await other.getVersion(subject, 1, read)).subject).toBe(subject);
    now = 101;
    expect((await other.getVersion(subject, 1, read)).subject).toBe(`${subject}-target`);
  });
});

describe('aliases', () => {
  test('lead reads, registrations and deletions to the subject that they stand for', async () => {
    const target = `${subject}-target`;
    await put(subject, { alias: target });
    expect(await its.register(subject, record('A', 'x'))).toMatchObject({ subject: target, version: 1 });
    expect(await its.register(subject, record('A', 'x', 'y?'))).toMatchObject({ subject: target, version: 2 });
    expect(
      await its.registry.lookUp(
        subject,
        { schema: record('A', 'x') },
        { normalize: false, format: '', deleted: false },
      ),
    ).toMatchObject({ subject: target });
    expect(await its.registry.deleteVersion(subject, 2, { permanent: false }, BY)).toBe(2);
    expect(
      await its.registry.listVersions(target, { deleted: 'exclude', deletedAsNegative: false, offset: 0, limit: -1 }),
    ).toEqual([1]);
  });
});

describe('validation by config', () => {
  const badDefault = '{"type":"record","name":"D","fields":[{"name":"n","type":"int","default":"x"}]}';

  test('new schemas are validated unless validateNewSchemas is false', async () => {
    expect((await refusal(its.register(subject, badDefault))).code).toBe(42_201);
    await put(subject, { validateNewSchemas: false });
    expect(await its.register(subject, badDefault)).toMatchObject({ version: 1 });
  });

  const reserving = (names: string) => ({ metadata: { properties: { 'confluent:reserved': names } } });
  const refusedBy = (level: string, ...messages: string[]) => ({
    code: 40_901,
    message: `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${[...messages, `{validateFields: 'true', compatibility: '${level}'}`].join(', ')}]`,
  });
  const TAKEN = 'The new schema has field that conflicts with the reserved field n.';
  const REMOVED =
    "The new schema has reserved field n removed from its metadata which is present in the old schema's metadata.";

  test('a field with a reserved name is incompatible with validateFields, also in the first version and at NONE', async () => {
    expect(await its.register(`${subject}-free`, record('D', 'n'), reserving('id, n'))).toMatchObject({ version: 1 });
    await put(subject, { validateFields: true });
    expect(await refusal(its.register(subject, record('D', 'n'), reserving('id, n')))).toEqual(
      refusedBy('BACKWARD', TAKEN),
    );
    await put(subject, { validateFields: true, compatibilityLevel: 'NONE' });
    expect(await refusal(its.register(subject, record('D', 'n'), reserving('id, n')))).toEqual(
      refusedBy('NONE', TAKEN),
    );
    expect(await its.register(subject, record('D', 'm'), reserving('id, n'))).toMatchObject({ version: 1 });
  });

  test('a name that the version before reserves stays reserved with validateFields', async () => {
    await its.register(subject, record('D', 'm'), reserving('n, o'));
    await put(subject, { validateFields: true });
    const without = its.register(subject, record('D', 'm', 'p?'), reserving('o,q'));
    expect(await refusal(without)).toEqual(refusedBy('BACKWARD', REMOVED));
    const request = { schema: record('D', 'm', 'x', 'q?'), ...reserving('o,q') };
    const ask = (version: 'latest' | undefined) =>
      its.registry.checkCompatibility(subject, version, request, { normalize: false, verbose: true });
    for (const verdict of [await ask('latest'), await ask(undefined)]) {
      expect(verdict.compatible).toBe(false);
      expect(verdict.messages.slice(0, 2)).toEqual([REMOVED, TAKEN.replace(' n.', ' q.')]);
      expect(verdict.messages[2]).toContain('READER_FIELD_MISSING_DEFAULT_VALUE');
      expect(verdict.messages.at(-1)).toBe("{validateFields: 'true', compatibility: 'BACKWARD'}");
      expect(verdict.reasons.map(({ type, version }) => [type, version]).slice(0, 2)).toEqual([
        ['RESERVED_FIELD_REMOVED', 1],
        ['FIELD_CONFLICTS_WITH_RESERVED_FIELD', 1],
      ]);
    }
    expect(await its.register(subject, record('D', 'm', 'p?'), reserving('o,n,q'))).toMatchObject({ version: 2 });
    expect(await its.register(subject, record('D', 'm', 'p?', 'r?'))).toMatchObject({
      version: 3,
      metadata: { properties: { 'confluent:reserved': 'o,n,q' } },
    });
  });
});

describe('modes', () => {
  test('answer 40409 where none is set, except for the global one, and 42204 for a bad one', async () => {
    const get = (name: string | undefined, defaultToGlobal = false) => its.registry.getMode(name, { defaultToGlobal });
    expect(await refusal(get(subject))).toEqual({
      code: 40_409,
      message: `Subject '${subject}' does not have subject-level mode configured`,
    });
    expect(await get(undefined)).toBe('READWRITE');
    expect(await get(subject, true)).toBe('READWRITE');
    expect(await refusal(setMode(subject, 'SLOW'))).toEqual({
      code: 42_204,
      message: 'Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.',
    });
    expect(await setMode(subject, 'readonly')).toBe('READONLY');
    expect(await get(subject)).toBe('READONLY');
    expect(await its.registry.deleteMode(subject, { recursive: false }, BY)).toBe('READONLY');
    expect((await refusal(its.registry.deleteMode(subject, { recursive: false }, BY))).code).toBe(40_401);
  });

  test('READONLY refuses writes with 42205, but not the registration of what is there', async () => {
    const made = await its.register(subject, record('A', 'x'));
    await setMode(undefined, 'READONLY');
    const message = `Subject ${subject} in context  is in read-only mode`;
    expect(await refusal(its.register(subject, record('A', 'x', 'y?')))).toEqual({ code: 42_205, message });
    expect(await refusal(its.registry.deleteSubject(subject, { permanent: false }, BY))).toEqual({
      code: 42_205,
      message,
    });
    expect(await refusal(put(subject, { normalize: true }))).toEqual({ code: 42_205, message });
    expect(await its.register(subject, record('A', 'x'))).toEqual(made);
  });

  test('the nearest one applies, except that READONLY_OVERRIDE further out wins', async () => {
    const get = (name: string) => its.registry.getMode(name, { defaultToGlobal: true });
    await setMode(':.ctx:', 'READONLY');
    await setMode(`:.ctx:${subject}`, 'READWRITE');
    expect(await get(`:.ctx:${subject}`)).toBe('READWRITE');
    expect(await get(':.ctx:else')).toBe('READONLY');
    await setMode(':.ctx:', 'READONLY_OVERRIDE');
    expect(await get(`:.ctx:${subject}`)).toBe('READONLY_OVERRIDE');
    await its.registry.deleteMode(':.ctx:', { recursive: true }, BY);
    expect(await get(`:.ctx:${subject}`)).toBe('READWRITE');
    expect((await refusal(its.registry.getMode(`:.ctx:${subject}`, { defaultToGlobal: false }))).code).toBe(40_409);
  });

  test('FORWARD is for :.__GLOBAL: alone', async () => {
    expect((await refusal(setMode(subject, 'FORWARD'))).code).toBe(42_205);
    await setMode(':.__GLOBAL:', 'FORWARD');
    expect((await refusal(its.register(subject, record('A', 'x')))).code).toBe(42_205);
  });

  test('no change at all where modes are fixed', async () => {
    const fixed = its.another({ modesMayChange: false });
    const refused = { code: 42_205, message: 'Mode changes are not allowed' };
    expect(await refusal(fixed.putMode(subject, 'READONLY', { force: false }, BY))).toEqual(refused);
    expect(await refusal(fixed.deleteMode(subject, { recursive: false }, BY))).toEqual(refused);
  });
});

describe('import mode', () => {
  const importing = (version: number, id: number, schema: string, guid?: string) =>
    its.register(subject, schema, { version, id, guid });

  test('an id needs import mode, and import mode an id', async () => {
    expect(await refusal(importing(1, 500, record('I', 'x')))).toEqual({
      code: 42_205,
      message: `Subject ${subject} in context  is not in import mode`,
    });
    await setMode(subject, 'IMPORT');
    expect(await refusal(its.register(subject, record('I', 'x')))).toEqual({
      code: 42_205,
      message: `Subject ${subject} in context  is not in read-write mode`,
    });
  });

  test('keeps ids, versions and guids, skips the checks, and the next id is past them', async () => {
    await setMode(subject, 'IMPORT');
    const guid = randomUUID();
    const first = await importing(3, 70_001, record('I1', 'x'), guid);
    expect(first).toMatchObject({ id: 70_001, version: 3, guid });
    expect(await importing(9, 70_005, record('Incompatible', 'y'))).toMatchObject({ id: 70_005, version: 9 });
    expect(await importing(3, 70_001, record('I1', 'x'))).toMatchObject({ id: 70_001, version: 3, guid });
    await setMode(subject, 'READWRITE');
    await put(subject, { compatibilityLevel: 'NONE' });
    const next = await its.register(subject, record('After', 'z'));
    expect(next.version).toBe(10);
    expect(next.id).toBeGreaterThan(70_005);
  });

  test('refuses an id that is another schema, and lets a schema have two ids', async () => {
    await setMode(subject, 'IMPORT');
    await importing(1, 80_001, record('J1', 'x'));
    expect(await refusal(importing(2, 80_001, record('J2', 'x')))).toEqual({
      code: 42_205,
      message: 'Overwrite new schema with id 80001 in context . is not permitted.',
    });
    expect((await refusal(importing(1, 80_002, record('J3', 'x')))).code).toBe(42_205);
    expect(await importing(2, 80_003, record('J1', 'x'))).toMatchObject({ id: 80_003 });
    expect(await its.registry.listIdsOfGuid((await importing(1, 80_001, record('J1', 'x'))).guid)).toEqual([
      { context: '.', id: 80_001 },
      { context: '.', id: 80_003 },
    ]);
  });

  test('needs a place without live versions or force, and clears what is soft-deleted', async () => {
    await its.register(subject, record('K', 'x'));
    await its.register(subject, record('K', 'x', 'y?'));
    await its.registry.deleteVersion(subject, 1, { permanent: false }, BY);
    expect(await refusal(setMode(subject, 'IMPORT'))).toEqual({
      code: 42_205,
      message: 'Cannot import since found existing subjects',
    });
    await setMode(subject, 'IMPORT', true);
    expect(
      await its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 }),
    ).toEqual([2]);
  });

  test('a whole context is imported into in the same way', async () => {
    const context = `.i${randomUUID().slice(0, 6)}`;
    await setMode(`:${context}:`, 'IMPORT');
    expect(await its.register(`:${context}:a`, record('L', 'x'), { id: 12, version: 4 })).toMatchObject({
      id: 12,
      version: 4,
    });
    await setMode(`:${context}:`, 'READWRITE', true);
    expect(await its.register(`:${context}:b`, record('M', 'x'))).toMatchObject({ id: 13, version: 1 });
  });
});
