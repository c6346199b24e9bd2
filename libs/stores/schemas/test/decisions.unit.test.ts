import { describe, expect, test } from '@jest/globals';
import { normalReferences } from '../src/contents/check-references.ts';
import { referenceClosure } from '../src/contents/reference-closure.ts';
import { versionsOfSubjectToDelete, versionToDelete } from '../src/deleting/delete-rules.ts';
import { chooseVersion } from '../src/registering/choose-version.ts';
import { changedConfig, checkConfigChange } from '../src/settings/change-config.ts';
import { configInScope, modeInScope, type Scope, SERVER_DEFAULTS } from '../src/settings/scope.ts';
import type { StoredVersion } from '../src/stored-schema.ts';

const live = (version: number) => ({ version, deleted: false });
const gone = (version: number) => ({ version, deleted: true });
const code = (errorCode: number) => expect.objectContaining({ errorCode });

describe('which version a registration gets', () => {
  test.each([
    [{ requested: undefined, last: 0, importing: false }, 1],
    [{ requested: 0, last: 4, importing: false }, 5],
    [{ requested: -1, last: 4, importing: false }, 5],
    [{ requested: 5, last: 4, importing: false }, 5],
    [{ requested: 9, last: 4, importing: true }, 9],
    [{ requested: 2, last: 4, importing: true }, 2],
  ])('%p', (wish, version) => {
    expect(chooseVersion(wish)).toBe(version);
  });

  test.each([4, 6, -2, 1.5, 2_147_483_648])('%p after 4 is refused', (requested) => {
    expect(() => chooseVersion({ requested, last: 4, importing: false })).toThrow(code(42_201));
  });

  test('there is an end of versions', () => {
    expect(() => chooseVersion({ requested: undefined, last: 2_147_483_647, importing: false })).toThrow(code(42_201));
  });
});

describe('what a deletion deletes', () => {
  test('of a subject: live ones softly, all of them permanently', () => {
    expect(versionsOfSubjectToDelete('s', [gone(1), live(2), live(3)], false)).toEqual([2, 3]);
    expect(versionsOfSubjectToDelete('s', [gone(1), gone(2)], true)).toEqual([1, 2]);
    expect(() => versionsOfSubjectToDelete('s', [], false)).toThrow(code(40_401));
    expect(() => versionsOfSubjectToDelete('s', [gone(1)], false)).toThrow(code(40_404));
    expect(() => versionsOfSubjectToDelete('s', [gone(1), live(2)], true)).toThrow(code(40_405));
  });

  test('of versions', () => {
    expect(versionToDelete('s', [live(1), live(2), gone(3)], 'latest', false)).toBe(2);
    expect(versionToDelete('s', [live(1), gone(3)], 3, true)).toBe(3);
    expect(() => versionToDelete('s', [], 'latest', false)).toThrow(code(40_401));
    expect(() => versionToDelete('s', [gone(1)], 'latest', true)).toThrow('Version -1 not found.');
    expect(() => versionToDelete('s', [live(1)], 2, false)).toThrow(code(40_402));
    expect(() => versionToDelete('s', [gone(1)], 1, false)).toThrow(code(40_406));
    expect(() => versionToDelete('s', [live(1)], 1, true)).toThrow(code(40_407));
  });
});

describe('settings', () => {
  const scope = (scope: Partial<Scope>): Scope => ({ subject: {}, context: {}, global: {}, ...scope });

  test('each field comes from the nearest place', () => {
    const config = configInScope(
      scope({
        subject: { config: { normalize: true, alias: 'a' } },
        context: { config: { normalize: false, compatibilityGroup: 'c', alias: 'not inherited' } },
        global: { config: { compatibilityGroup: 'g', compatibilityLevel: 'FULL' } },
      }),
      SERVER_DEFAULTS,
    );
    expect(config).toEqual({ normalize: true, alias: 'a', compatibilityGroup: 'c', compatibilityLevel: 'FULL' });
  });

  test('a mode from further out wins only when it overrides', () => {
    const own = { subject: { mode: 'READWRITE' } } as const;
    expect(modeInScope(scope({}), SERVER_DEFAULTS)).toBe('READWRITE');
    expect(modeInScope(scope({ ...own, context: { mode: 'READONLY' } }), SERVER_DEFAULTS)).toBe('READWRITE');
    expect(modeInScope(scope({ ...own, global: { mode: 'READONLY_OVERRIDE' } }), SERVER_DEFAULTS)).toBe(
      'READONLY_OVERRIDE',
    );
    expect(modeInScope(scope({ ...own, global: { mode: 'FORWARD' } }), SERVER_DEFAULTS)).toBe('FORWARD');
    expect(modeInScope(scope({ global: { mode: 'READONLY' } }), SERVER_DEFAULTS)).toBe('READONLY');
  });

  test('a change keeps what is absent and clears what is null', () => {
    expect(
      changedConfig({ normalize: true, alias: 'a' }, checkConfigChange({ alias: null, compatibilityLevel: 'none' })),
    ).toEqual({
      normalize: true,
      compatibilityLevel: 'NONE',
    });
  });
});

describe('references', () => {
  const schema = (text: string, references: StoredVersion['references']): StoredVersion => ({
    contextId: 1,
    context: '.',
    id: 1,
    guid: '',
    type: 'AVRO',
    text,
    references,
    metadata: null,
    ruleSet: null,
    subject: '',
    version: 1,
    deleted: false,
    ts: 0,
  });
  const to = (name: string) => ({ name, subject: name, version: 1 });

  test('each name once, after what it uses, and cycles end', async () => {
    const stored: Record<string, StoredVersion> = {
      a: schema('A', [to('b'), to('c')]),
      b: schema('B', [to('c')]),
      c: schema('C', [to('a')]),
    };
    const find = (_context: string, subject: string) => Promise.resolve(stored[subject]);
    expect(await referenceClosure([to('a'), to('b')], '.', find)).toEqual([
      { name: 'c', text: 'C' },
      { name: 'b', text: 'B' },
      { name: 'a', text: 'A' },
    ]);
  });

  test('are sorted by subject and version, repeats dropped', () => {
    const a2 = { name: 'x', subject: 'a', version: 2 };
    const a10 = { name: 'y', subject: 'a', version: 10 };
    expect(normalReferences([to('b'), a10, a2, { ...a10 }])).toEqual([a2, a10, to('b')]);
  });
});
