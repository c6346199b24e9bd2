import { describe, expect, test } from '@jest/globals';
import { BoundedRegExp } from '../src/json/bounded-reg-exp.ts';
import { encodePayload } from '../src/index.ts';
import { stored, thrownBy } from './schemas.ts';

const refusal = (schema: object, value: unknown): string =>
  thrownBy(() => encodePayload(stored('JSON', schema), value)).message;

describe('patterns that backtrack for ever', () => {
  // Each of these keeps JavaScript's engine busy for longer than the universe is old.
  test.each([
    ['^(a+)+$', `${'a'.repeat(5_000)}!`],
    ['^(a|a)*$', `${'a'.repeat(5_000)}!`],
    ['^(\\w+\\s?)*$', `${'a'.repeat(5_000)}!`],
    ['^([a-z]+[0-9]?)+x$', `${'a'.repeat(5_000)}!`],
    ['^(a?){30}a{30}$', 'b'.repeat(5_000)],
    ['^(\\w+){20}$', `${'a'.repeat(5_000)}!`],
    ['\\s*\\s*\\s*\\s*x', ' '.repeat(5_000)],
  ])('%s is answered', (pattern, text) => {
    expect(refusal({ type: 'string', pattern }, text)).toContain(`must match pattern "${pattern}"`);
    const named = {
      type: 'object',
      patternProperties: { [pattern]: { type: 'integer' } },
      additionalProperties: false,
    };
    expect(refusal(named, { [text]: 1 })).toContain('is not allowed by the schema');
  });

  test('match what they match', () => {
    const schema = stored('JSON', { type: 'string', pattern: '^(a+|é|😀)+$' });
    const text = 'aé😀'.repeat(500);
    expect(encodePayload(schema, text).toString('utf8', 5)).toBe(JSON.stringify(text));
  });

  test('and a text that is too long even without backtracking is refused', () => {
    expect(refusal({ type: 'string', pattern: '^(a?){200}$' }, 'a'.repeat(50_000))).toContain(
      'has a text that is too long for the pattern "^(a?){200}$"',
    );
  });
});

test('ordinary patterns and short texts are run by the engine, with the same answer', () => {
  for (const [pattern, text] of [
    ['^[A-Z]{2}-\\d{4}$', 'AB-1234'],
    ['^(?=.*\\d)(?!.*\\s).{4,}$', 'pass1'],
    ['^(\\w+)\\s\\1$', 'so so'],
    ['^\\p{Lu}', 'Äpfel'],
    ['^(a+)+$', 'aaaa'],
  ] as const) {
    expect(new BoundedRegExp(pattern, 'u').test(text)).toBe(true);
    expect(new BoundedRegExp(pattern, 'u').test('')).toBe(new RegExp(pattern, 'u').test(''));
  }
  expect(() => new BoundedRegExp('(', 'u')).toThrow(SyntaxError);
});
