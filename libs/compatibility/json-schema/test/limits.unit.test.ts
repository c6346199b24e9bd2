import { describe, expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { jsonSchemaChanges, jsonSchemaRules } from '../src/index.ts';

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

test('definitions that exponentially many paths lead to are compared once', () => {
  expect(changes(doubling(100, { type: 'string' }), doubling(100, { type: 'string' }), 500)).toEqual([]);
});

test('of exponentially many changed paths the first 2,000 are listed', () => {
  const [writer, reader] = [doubling(100, { type: 'string' }), doubling(100, { type: 'integer' })];
  const found = jsonSchemaChanges(parse(reader), parse(writer), { policy: 'STRICT', stepsMax: 500 });
  expect(found).toHaveLength(2_000);
  expect(new Set(found.map(({ path }) => path)).size).toBe(2_000);
  expect(found.every(({ type, path }) => type === 'TYPE_CHANGED' && path.split('properties').length === 101)).toBe(
    true,
  );
  const breaking = jsonSchemaRules.differences(parse(reader), parse(writer), { policy: 'STRICT', stepsMax: 500 });
  expect(breaking.map(({ path }) => path)).toEqual(found.map(({ path }) => path));
});

test('exponentially many harmless changes hide none that breaks', () => {
  const leaf = (type: string, limit: object): object => ({
    type: 'object',
    additionalProperties: false,
    properties: { tree: doubling(60, { type: 'number' }), z: { type, ...limit } },
  });
  const inlined = (schema: object): object => {
    const { tree, z } = (schema as { properties: { tree: { definitions: object }; z: object } }).properties;
    return {
      ...schema,
      definitions: tree.definitions,
      properties: { tree: { $ref: '#/definitions/d0' }, z },
    };
  };
  const writer = inlined(leaf('string', {}));
  const reader = JSON.parse(
    JSON.stringify(inlined(leaf('string', { maxLength: 1 }))).replaceAll('"d0":{', '"d0":{"title":"t",'),
  );
  const breaking = jsonSchemaRules.differences(parse(reader), parse(writer), { policy: 'STRICT', stepsMax: 500 });
  expect(breaking.map(({ type, path }) => `${type} ${path}`)).toEqual(['MAX_LENGTH_ADDED #/properties/z/maxLength']);
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

describe('large unions', () => {
  const branch = (index: number): object => ({
    type: 'object',
    additionalProperties: false,
    properties: { kind: { const: `v${index}` }, value: { type: 'string' } },
  });
  const union = (from: number, length = 2_000): { readonly anyOf: readonly object[] } => ({
    anyOf: Array.from({ length }, (_, index) => branch(index + from)),
  });

  test('in another order are the same', () => {
    expect(changes(union(0), { anyOf: union(0).anyOf.toReversed() }, 100_000)).toEqual([]);
  });

  test('in another order, one changed, are compared with the changed one alone', () => {
    const [, ...others] = union(0).anyOf.toReversed();
    const last = { ...branch(1_999), title: 'last' };
    const widened = { anyOf: [...others, last] };
    expect(changes(union(0), widened, 100_000)).toEqual(['TITLE_CHANGED']);
    expect(changes(union(0), { anyOf: [...others, branch(7_000)] }, 100_000)).toEqual([
      'COMBINED_TYPE_SUBSCHEMAS_CHANGED',
    ]);
  });

  test('of other branches altogether end with an error', () => {
    expect(codeOf(() => changes(union(0), union(5_000)))).toBe('SCHEMA_TOO_COMPLEX');
  });

  test('of branches that all accept each other end with an error', () => {
    const alike = (more: object): object => ({
      anyOf: Array.from({ length: 1_500 }, (_, index) => ({ title: `t${index}`, ...more })),
    });
    expect(codeOf(() => changes(alike({ type: 'integer' }), alike({ type: 'number' })))).toBe('SCHEMA_TOO_COMPLEX');
  });
});

test('matching long names with long patterns counts as work', () => {
  const names = Array.from({ length: 200 }, (_, index) => `${'n'.repeat(900)}${index}`);
  const patterns = Array.from({ length: 200 }, (_, index) => [`^(n?){400}${index}$`, { type: 'string' }]);
  const object = (has: boolean): object => ({
    type: 'object',
    additionalProperties: false,
    patternProperties: Object.fromEntries(patterns),
    properties: has ? Object.fromEntries(names.map((name) => [name, { type: 'string' }])) : {},
  });
  expect(codeOf(() => changes(object(false), object(true)))).toBe('SCHEMA_TOO_COMPLEX');
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
