import { describe, expect, test } from '@jest/globals';
import type { Rule } from '#libs/formats/schema';
import { checkRulesRun } from '../src/contents/check-rules-run.ts';

const rule = (fields: Partial<Rule>): Rule => ({ name: 'r', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', ...fields });
const check = (fields: Partial<Rule>) => () => checkRulesRun({ domainRules: [rule(fields)] });

describe('rules that can run', () => {
  test.each([
    ['a condition', { expr: `message.name.matches('^[(]a"') && size(message.tags) > 0` }],
    ['a guarded field rule', { type: 'CEL_FIELD', kind: 'TRANSFORM', expr: `typeName == "STRING"; value + "\\"("` }],
    ['JSONata', { type: 'JSONATA', kind: 'TRANSFORM', expr: `$merge([$, {"full": first & ' ' & last}])` }],
    ['encryption, which has no expression', { type: 'ENCRYPT', kind: 'TRANSFORM', tags: ['PII'] }],
    ['a type of somebody else', { type: 'OURS' }],
    ['a disabled one', { disabled: true }],
  ] as const)('%s', (_name, fields) => {
    expect(check(fields as Partial<Rule>)).not.toThrow();
  });

  test('none at all', () => {
    expect(() => checkRulesRun(null)).not.toThrow();
    expect(() => checkRulesRun({})).not.toThrow();
  });
});

describe('rules that cannot', () => {
  test.each([
    ['no expression', {}, "Rule 'r' of type CEL has no expression"],
    ['an empty one', { type: 'JSONATA', kind: 'TRANSFORM', expr: ' ' }, "Rule 'r' of type JSONATA has no expression"],
    ['an open bracket', { expr: 'size(message.a' }, "The expression of rule 'r' is not whole: ) is missing"],
    ['one too many', { expr: 'a)' }, "The expression of rule 'r' is not whole: unexpected ) at 1"],
    ['brackets that cross', { expr: '([a)]' }, "The expression of rule 'r' is not whole: unexpected ) at 3"],
    ['an open text', { expr: "a == 'b" }, "The expression of rule 'r' is not whole: the text at 5 does not end"],
    [
      'encryption as a condition',
      { type: 'ENCRYPT' },
      "Rule 'r' of type ENCRYPT transforms: its kind cannot be CONDITION",
    ],
  ] as const)('%s', (_name, fields, message) => {
    expect(check(fields as Partial<Rule>)).toThrow(expect.objectContaining({ errorCode: 42_210, message }));
  });

  test('in any phase', () => {
    expect(() => checkRulesRun({ migrationRules: [rule({})] })).toThrow(/'r'/);
    expect(() => checkRulesRun({ encodingRules: [rule({})] })).toThrow(/'r'/);
  });
});
