import { expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { jsonSchemaChanges } from '../src/index.ts';

const parse = (schema: unknown): ReturnType<typeof parseJsonSchema> => parseJsonSchema(JSON.stringify(schema), []);
const changes = (writer: unknown, reader: unknown, stepsMax?: number): string[] =>
  jsonSchemaChanges(parse(reader), parse(writer), { policy: 'STRICT', stepsMax }).map(({ type }) => type);
const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

/** Each definition refers twice to the next: two to the power of `levels` paths. */
function doubling(levels: number, leaf: object): object {
  const definitions: Record<string, object> = { [`d${levels}`]: leaf };
  for (let level = 0; level < levels; level += 1) {
    const next = { $ref: `#/definitions/d${level + 1}` };
    definitions[`d${level}`] = { type: 'object', properties: { a: next, b: next }, additionalProperties: false };
  }
  return { $ref: '#/definitions/d0', definitions };
}

test('exponentially many paths over unchanged definitions are compared in linear time', () => {
  expect(changes(doubling(100, { type: 'string' }), doubling(100, { type: 'string' }))).toEqual([]);
});

test('exponentially many changed paths end with an error, not with the process', () => {
  expect(codeOf(() => changes(doubling(60, { type: 'string' }), doubling(60, { type: 'integer' }), 50_000))).toBe(
    'SCHEMA_TOO_COMPLEX',
  );
});

test('a long chain of references does not overflow the stack', () => {
  const chain = (leaf: object): object => {
    const definitions: Record<string, object> = { d5000: leaf };
    for (let at = 0; at < 5_000; at += 1) definitions[`d${at}`] = { not: { $ref: `#/definitions/d${at + 1}` } };
    return { $ref: '#/definitions/d0', definitions };
  };
  expect(codeOf(() => changes(chain({ type: 'string' }), chain({ type: 'integer' })))).toBe('SCHEMA_TOO_COMPLEX');
  const aliases = (leaf: object): object => {
    const definitions: Record<string, object> = { d5000: leaf };
    for (let at = 0; at < 5_000; at += 1) definitions[`d${at}`] = { $ref: `#/definitions/d${at + 1}` };
    return { $ref: '#/definitions/d0', definitions };
  };
  expect(['TYPE_CHANGED', 'SCHEMA_TOO_COMPLEX']).toContain(
    [codeOf(() => changes(aliases({ type: 'string' }), aliases({ type: 'integer' })))].flat()[0],
  );
});

test('large unions are matched within the steps allowed', () => {
  const union = (from: number): object => ({
    anyOf: Array.from({ length: 300 }, (_, index) => ({ const: `v${index + from}` })),
  });
  expect(changes(union(0), union(0))).toEqual([]);
  const shuffled = { anyOf: [...(union(0) as { anyOf: object[] }).anyOf].reverse() };
  expect(changes(union(0), shuffled)).toEqual([]);
  expect(codeOf(() => changes(union(0), union(1_000), 10_000))).toBe('SCHEMA_TOO_COMPLEX');
});

test('patterns that backtrack for ever are never run', () => {
  const evil = { patternProperties: { '^(a+)+$': { type: 'string' } }, additionalProperties: false };
  const name = `${'a'.repeat(60)}!`;
  const writer = { type: 'object', ...evil };
  const reader = { type: 'object', ...evil, properties: { [name]: { type: 'string' } } };
  expect(changes(writer, reader)).toEqual(['OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL']);
  expect(changes({ type: 'string', pattern: '(x+x+)+y' }, { type: 'string', pattern: '(x+x+)+y' })).toEqual([]);
});

test('numbers with huge exponents are compared without being written out', () => {
  const limit = (text: string): ReturnType<typeof parseJsonSchema> =>
    parseJsonSchema(`{"type":"number","maximum":${text},"multipleOf":${text}}`, []);
  const found = jsonSchemaChanges(limit('1e2000000000'), limit('1e1999999999'), { policy: 'STRICT' });
  expect(found.map(({ type }) => type)).toEqual(['MAXIMUM_INCREASED', 'MULTIPLE_OF_EXPANDED']);
  const far = jsonSchemaChanges(limit('1e2000000000'), limit('3'), { policy: 'STRICT' });
  expect(far.map(({ type }) => type)).toEqual(['MAXIMUM_INCREASED', 'MULTIPLE_OF_CHANGED']);
});

test('long lists of values are compared in linear time', () => {
  const values = (from: number): object => ({ enum: Array.from({ length: 40_000 }, (_, index) => `v${index + from}`) });
  expect(changes(values(0), values(1))).toEqual(['ENUM_ARRAY_CHANGED']);
  expect(changes(values(0), values(0))).toEqual([]);
});

test('a language of expressions that contain each other is compared within few steps', () => {
  const kinds = Array.from({ length: 25 }, (_, index) => `k${index}`);
  const expression = { $ref: '#/definitions/expression' };
  const language = (name: string): object => ({
    ...expression,
    definitions: {
      expression: { anyOf: kinds.map((kind) => ({ $ref: `#/definitions/${kind}` })) },
      ...Object.fromEntries(
        kinds.map((kind) => [
          kind,
          {
            type: 'object',
            required: ['kind'],
            additionalProperties: false,
            properties: {
              kind: { const: kind },
              left: expression,
              right: { anyOf: [{ type: 'null' }, expression] },
              all: { type: 'array', items: expression },
              [kind === 'k7' ? name : 'x']: { type: 'string' },
            },
          },
        ]),
      ),
    },
  });
  expect(changes(language('x'), language('x'), 20_000)).toEqual([]);
  expect(changes(language('x'), language('y'), 20_000)).toEqual(['COMBINED_TYPE_SUBSCHEMAS_CHANGED']);
});
