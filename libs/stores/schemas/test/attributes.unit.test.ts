import { describe, expect, test } from '@jest/globals';
import type { Rule } from '#libs/formats/schema';
import { checkRuleSet } from '../src/contents/check-rule-set.ts';
import { mergeMetadata, withoutVersion } from '../src/contents/merge-metadata.ts';
import { mergeRuleSets, withoutRules } from '../src/contents/merge-rule-set.ts';
import { tidyMetadata, tidyRuleSet } from '../src/contents/tidy-request.ts';
import { inheritAttributes, noteVersion } from '../src/registering/inherit-attributes.ts';

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({ name, mode: 'WRITE', type: 'CEL', ...more });

describe('metadata', () => {
  test('merge key by key, null apart from empty', () => {
    expect(mergeMetadata(null, null)).toBeNull();
    expect(mergeMetadata(null, {})).toEqual({});
    expect(
      mergeMetadata(
        { tags: { a: ['x'] }, properties: { p: '1', q: '1' }, sensitive: ['p'] },
        { tags: { b: ['y'] }, properties: { q: '2' }, sensitive: ['p', 'q'] },
      ),
    ).toEqual({ tags: { a: ['x'], b: ['y'] }, properties: { p: '1', q: '2' }, sensitive: ['p', 'q'] });
  });

  test('a noted version can be taken out, and nothing else is left as null', () => {
    expect(withoutVersion({ properties: { 'confluent:version': '3' } })).toBeNull();
    expect(withoutVersion({ properties: { 'confluent:version': '3', a: '1' } })).toEqual({ properties: { a: '1' } });
    expect(withoutVersion({})).toEqual({});
  });

  test('an inherited note is of another version and is renewed, one of the client stays', () => {
    const noted = { properties: { 'confluent:version': '3' } };
    const now = { properties: { 'confluent:version': '4' } };
    expect(noteVersion(noted, 4, { requested: undefined })).toEqual(now);
    expect(noteVersion(null, 4, { requested: -1 })).toEqual(now);
    expect(noteVersion(null, 4, { requested: 4 })).toEqual(now);
    expect(noteVersion(null, 4, { requested: undefined })).toBeNull();
  });

  test('explicit nulls do not count', () => {
    expect(tidyMetadata({ properties: undefined, tags: null as never })).toEqual({});
    expect(tidyMetadata(null)).toBeNull();
    expect(tidyRuleSet({ domainRules: [rule('r', { doc: null as never })], migrationRules: null as never })).toEqual({
      domainRules: [rule('r')],
    });
  });

  test('a NUL is refused, a text about one is not', () => {
    expect(() => tidyMetadata({ properties: { a: '\u0000' } })).toThrow('The metadata has a NUL character');
    expect(tidyMetadata({ properties: { a: String.raw`\u0000` } })).toEqual({ properties: { a: String.raw`\u0000` } });
  });
});

describe('rule sets', () => {
  test('a rule takes the place of any other of its name', () => {
    expect(
      mergeRuleSets({ domainRules: [rule('a'), rule('b')] }, { encodingRules: [rule('b')], domainRules: [rule('c')] }),
    ).toEqual({ domainRules: [rule('a'), rule('c')], encodingRules: [rule('b')] });
    expect(withoutRules({ domainRules: [rule('a'), rule('b')] }, ['a'])).toEqual({ domainRules: [rule('b')] });
  });

  test.each<[string, Parameters<typeof checkRuleSet>[0]]>([
    ['an empty name', { domainRules: [rule('')] }],
    ['a name that begins with a digit', { domainRules: [rule('1a')] }],
    ['a long name', { domainRules: [rule('a'.repeat(257))] }],
    ['the same name in two phases', { domainRules: [rule('a')], encodingRules: [rule('a')] }],
    ['no type', { domainRules: [rule('a', { type: undefined })] }],
    ['an unknown kind', { domainRules: [rule('a', { kind: 'MAYBE' as never })] }],
    ['a migration rule on data', { migrationRules: [rule('a', { mode: 'WRITE' })] }],
    ['a domain rule on versions', { domainRules: [rule('a', { mode: 'UPGRADE' })] }],
    ['an encoding rule on versions', { encodingRules: [rule('a', { mode: 'UPDOWN' })] }],
    ['two actions for one direction', { domainRules: [rule('a', { onFailure: 'DLQ,NONE' })] }],
  ])('%s is refused with 42210', (_, ruleSet) => {
    expect(() => checkRuleSet(ruleSet)).toThrow(expect.objectContaining({ errorCode: 42_210 }));
  });

  test('what is right passes', () => {
    const both = { onSuccess: 'NONE,NONE', onFailure: 'ERROR,DLQ' };
    checkRuleSet({
      migrationRules: [rule('up', { mode: 'UPGRADE' }), rule('both', { mode: 'UPDOWN', ...both })],
      domainRules: [rule('_a-1', { mode: 'WRITEREAD', kind: 'CONDITION', ...both })],
      encodingRules: [rule('e', { mode: 'READ' })],
    });
    expect(() => checkRuleSet(null)).not.toThrow();
  });
});

test('what a client leaves out comes from the previous version, then the config', () => {
  const previous = { metadata: { properties: { a: '1' } }, ruleSet: null };
  expect(inheritAttributes({ metadata: null, ruleSet: null }, previous, {})).toEqual(previous);
  expect(
    inheritAttributes({ metadata: { properties: {} }, ruleSet: null }, previous, {
      defaultMetadata: { properties: { a: 'd' } },
      overrideRuleSet: { domainRules: [rule('o')] },
    }),
  ).toEqual({ metadata: { properties: { a: 'd' } }, ruleSet: { domainRules: [rule('o')] } });
});
