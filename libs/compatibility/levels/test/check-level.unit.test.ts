import { expect, test } from '@jest/globals';
import {
  checkLevel,
  type CompatibilityLevel,
  COMPATIBILITY_LEVELS,
  compatibilityLevelOf,
  type CompatibilityRules,
  type EarlierVersion,
  type LevelCheck,
} from '../src/index.ts';

/** A schema is the set of letters that it knows; a reader reads a writer when it knows all of its letters. */
const letters: CompatibilityRules<string> = {
  differences: (reader, writer) =>
    Array.from(writer)
      .filter((letter) => !reader.includes(letter))
      .map((letter) => ({
        type: 'LETTER_MISSING',
        path: `/${letter}`,
        description: `The {reader} schema lacks '${letter}' of the {writer} schema`,
        additionalInfo: letter,
        fix: { ifReaderIsNew: `Add ${letter}.`, ifWriterIsNew: `Leave ${letter} out.` },
      })),
};

const earlier = (
  version: number,
  text: string,
  more: Partial<EarlierVersion<string>> = {},
): EarlierVersion<string> => ({
  version,
  schemaType: 'AVRO',
  text,
  schema: () => text,
  ...more,
});
const check = (
  level: CompatibilityLevel,
  schema: string,
  versions: readonly EarlierVersion<string>[],
  more: Partial<LevelCheck<string>> = {},
) =>
  checkLevel({
    level,
    policy: 'STRICT',
    candidate: { schemaType: 'AVRO', schema },
    earlier: versions,
    rules: letters,
    ...more,
  });

// Version 2 has lost the a and gained the b of version 1: new letters break forward, lost ones backward.
const history = [earlier(2, 'bc'), earlier(1, 'ac')];

test.each<[CompatibilityLevel, string, boolean]>([
  ['NONE', '', true],
  ['BACKWARD', 'bc', true],
  ['BACKWARD', 'bcd', true],
  ['BACKWARD', 'c', false],
  ['BACKWARD_TRANSITIVE', 'bc', false],
  ['BACKWARD_TRANSITIVE', 'abc', true],
  ['FORWARD', 'c', true],
  ['FORWARD', 'b', true],
  ['FORWARD', 'abc', false],
  ['FORWARD_TRANSITIVE', 'b', false],
  ['FORWARD_TRANSITIVE', 'c', true],
  ['FULL', 'bc', true],
  ['FULL', 'b', false],
  ['FULL', 'bcd', false],
  ['FULL_TRANSITIVE', 'bc', false],
])('%s lets %p follow bc and ac: %p', (level, schema, compatible) => {
  expect(check(level, schema, history).compatible).toBe(compatible);
});

test.each(COMPATIBILITY_LEVELS)('%s lets anything be the first version', (level) => {
  expect(check(level, 'x', [])).toEqual({ compatible: true, messages: [], reasons: [] });
});

test('messages of BACKWARD: the differences, the old version, the level', () => {
  expect(check('BACKWARD', 'c', history)).toEqual({
    compatible: false,
    messages: [
      `{errorType:'LETTER_MISSING', description:"The new schema lacks 'b' of the old schema", additionalInfo:'b'}`,
      '{oldSchemaVersion: 2}',
      "{oldSchema: 'bc'}",
      "{validateFields: 'false', compatibility: 'BACKWARD'}",
    ],
    reasons: [
      {
        version: 2,
        type: 'LETTER_MISSING',
        path: '/b',
        breaks: 'NEW_READERS_OF_OLD_DATA',
        description: "The new schema lacks 'b' of the old schema",
        fix: 'Add b.',
      },
    ],
  });
});

test('messages of FORWARD name the old schema as the reader', () => {
  const { messages, reasons } = check('FORWARD', 'bcd', history, { validateFields: true });
  expect(messages).toEqual([
    `{errorType:'LETTER_MISSING', description:"The old schema lacks 'd' of the new schema", additionalInfo:'d'}`,
    '{oldSchemaVersion: 2}',
    "{oldSchema: 'bc'}",
    "{validateFields: 'true', compatibility: 'FORWARD'}",
  ]);
  expect(reasons).toMatchObject([{ breaks: 'OLD_READERS_OF_NEW_DATA', fix: 'Leave d out.' }]);
});

test('FULL reports old readers first, and shows the old version only when new readers fail', () => {
  const types = (schema: string): string[] =>
    check('FULL', schema, history).messages.map((message) => /^\{(?:errorType.*The )?(\w+)/.exec(message)?.[1] ?? '');
  expect(types('bd')).toEqual(['old', 'new', 'oldSchemaVersion', 'oldSchema', 'validateFields']);
  expect(types('bcd')).toEqual(['old', 'validateFields']);
  expect(types('b')).toEqual(['new', 'oldSchemaVersion', 'oldSchema', 'validateFields']);
});

test('a transitive level stops at the newest version that fails', () => {
  const { reasons } = check('BACKWARD_TRANSITIVE', 'x', [earlier(3, 'x'), earlier(2, 'xy'), earlier(1, 'xz')]);
  expect(reasons.map(({ version, path }) => [version, path])).toEqual([[2, '/y']]);
});

test('a version of another type fails without being parsed', () => {
  const never = (): string => {
    throw new Error('not to be parsed');
  };
  const { compatible, messages, reasons } = check('BACKWARD', 'a', [
    earlier(1, 'a', { schemaType: 'JSON', schema: never }),
  ]);
  expect(compatible).toBe(false);
  expect(messages).toEqual([
    'Incompatible because of different schema type',
    "{validateFields: 'false', compatibility: 'BACKWARD'}",
  ]);
  expect(reasons).toMatchObject([{ version: 1, type: 'SCHEMA_TYPE_CHANGED', breaks: 'NEW_READERS_OF_OLD_DATA' }]);
  expect(check('NONE', 'a', [earlier(1, 'a', { schemaType: 'JSON', schema: never })]).compatible).toBe(true);
});

test('a level that is not transitive parses the newest version alone', () => {
  const parsed: number[] = [];
  const counted = (version: number): EarlierVersion<string> =>
    earlier(version, 'a', { schema: () => (parsed.push(version), 'a') });
  expect(check('BACKWARD', 'a', [counted(3), counted(2), counted(1)]).compatible).toBe(true);
  expect(parsed).toEqual([3]);
});

test('a compatibility group compares with the newest version of the same group alone', () => {
  const of = (version: number, text: string, major?: string): EarlierVersion<string> =>
    earlier(version, text, major === undefined ? {} : { properties: { major } });
  const versions = [of(4, 'z'), of(3, 'y', '2'), of(2, 'ab', '1'), of(1, 'c', '1')];
  const inGroup = (schema: string, major?: string, level: CompatibilityLevel = 'BACKWARD') =>
    check(level, schema, versions, {
      group: 'major',
      candidate: { schemaType: 'AVRO', schema, ...(major === undefined ? {} : { properties: { major } }) },
    });
  expect(inGroup('ab', '1').compatible).toBe(true);
  expect(inGroup('a', '1').reasons).toMatchObject([{ version: 2, path: '/b' }]);
  expect(inGroup('ab', '1', 'BACKWARD_TRANSITIVE').reasons).toMatchObject([{ version: 1, path: '/c' }]);
  expect(inGroup('q', '3').compatible).toBe(true);
  // Without the property, a candidate belongs with the versions that have none.
  expect(inGroup('q').reasons).toMatchObject([{ version: 4, path: '/z' }]);
});

test('an old schema over 10,240 characters is shown in part', () => {
  const text = 'x'.repeat(10_241);
  const { messages } = check('BACKWARD', '', [earlier(1, text, { schema: () => 'y' })]);
  expect(messages[2]).toBe(`{oldSchema: <truncated> '${'x'.repeat(10_240)}...'}`);
});

test('an answer lists a thousand differences, and says how many more there are', () => {
  const { messages, reasons } = check('BACKWARD', '', [earlier(1, 'x', { schema: () => 'y'.repeat(1_003) })]);
  expect(reasons).toHaveLength(1_000);
  expect(messages.slice(1_000)).toEqual([
    '{differencesNotShown: 3}',
    '{oldSchemaVersion: 1}',
    "{oldSchema: 'x'}",
    "{validateFields: 'false', compatibility: 'BACKWARD'}",
  ]);
});

test('a list of differences that is full may stand for more', () => {
  const { messages } = check('BACKWARD', '', [earlier(1, 'x', { schema: () => 'y'.repeat(2_000) })]);
  expect(messages[1_000]).toBe('{differencesNotShown: 1000 or more}');
});

test('a difference without additional information has the form of the other formats', () => {
  const rules: CompatibilityRules<string> = {
    differences: () => [
      { type: 'T', path: '#/a', description: 'in the {reader} schema', fix: { ifReaderIsNew: '', ifWriterIsNew: '' } },
    ],
  };
  expect(check('BACKWARD', '', [earlier(1, '')], { rules }).messages[0]).toBe(
    '{errorType:"T", description:"in the new schema"}',
  );
});

test('levels have names in any case', () => {
  expect(compatibilityLevelOf('full_transitive')).toBe('FULL_TRANSITIVE');
  expect(compatibilityLevelOf('sideways')).toBeUndefined();
});
