import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCHEMA_FORMATS } from '../src/known-formats.ts';
import { BY, PLAIN, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
beforeAll(async () => {
  its = await startRegistry({ formats: SCHEMA_FORMATS });
});
afterAll(() => its.stop());

const query = { normalize: false, format: '', deleted: false };
const register = (subject: string, schemaType: string, schema: string, normalize = false) =>
  its.registry.register(subject, { schemaType, schema }, { ...PLAIN, normalize }, BY);

describe('with the formats as they are', () => {
  test('a Protobuf schema is found by another spelling, and one that breaks readers is refused', async () => {
    const made = await register('proto', 'PROTOBUF', 'syntax = "proto3"; package a; message M { string x = 1; }');
    const spelled = 'syntax = "proto3";\n// a comment\npackage a;\n\nmessage M {\n  string   x = 1;\n}';
    expect(await its.registry.lookUp('proto', { schemaType: 'PROTOBUF', schema: spelled }, query)).toEqual(made);
    expect(await register('proto', 'PROTOBUF', spelled)).toEqual(made);
    expect(
      await refusal(register('proto', 'PROTOBUF', 'syntax = "proto3"; package a; message M { int32 x = 1; }')),
    ).toMatchObject({ code: 40_901, message: expect.stringContaining('{oldSchemaVersion: 1}') });
  });

  test('two orders of keys in JSON are two ids, and one in normal form', async () => {
    const a = '{"type":"object","properties":{"x":{"type":"string"}}}';
    const b = '{"properties":{"x":{"type":"string"}},"type":"object"}';
    const first = await register('json-a', 'JSON', a);
    const second = await register('json-b', 'JSON', b);
    expect([first.schema, second.schema]).toEqual([a, b]);
    expect(first.id).not.toBe(second.id);
    expect((await register('json-c', 'JSON', a, true)).id).toBe((await register('json-d', 'JSON', b, true)).id);
  });

  test('a text that its format refuses is 42201 in each of them, and nothing is stored', async () => {
    for (const type of ['AVRO', 'JSON', 'PROTOBUF']) {
      expect(await refusal(register('broken', type, '{"type": "mess'))).toMatchObject({
        code: 42_201,
        message: expect.stringContaining(`Invalid schema of type ${type}, details: `),
      });
    }
    expect(await refusal(register('broken', 'XML', '<a/>'))).toEqual({
      code: 42_201,
      message: 'Invalid schema type XML',
    });
    expect((await refusal(its.registry.lookUp('broken', { schema: '"string"' }, query))).code).toBe(40_401);
  });

  test('a schema that is too large is 42209', async () => {
    const large = JSON.stringify({ type: 'record', name: 'L', doc: 'x'.repeat(1_048_577), fields: [] });
    expect(await refusal(register('large', 'AVRO', large))).toMatchObject({ code: 42_209 });
  });

  test('reserved fields are refused in each format', async () => {
    const reserving = { properties: { 'confluent:reserved': 'x' } };
    await its.registry.putConfig(undefined, { validateFields: true }, BY);
    const texts = {
      AVRO: '{"type":"record","name":"R","fields":[{"name":"x","type":"int"}]}',
      JSON: '{"type":"object","properties":{"x":{"type":"integer"}}}',
      PROTOBUF: 'syntax = "proto3"; message R { int32 x = 1; }',
    };
    for (const [schemaType, schema] of Object.entries(texts)) {
      const request = { schemaType, schema, metadata: reserving };
      expect(await refusal(its.registry.register(`reserved-${schemaType}`, request, PLAIN, BY))).toMatchObject({
        code: 40_901,
        message: expect.stringContaining('The new schema has field that conflicts with the reserved field x.'),
      });
    }
    await its.registry.deleteConfig(undefined, BY);
  });
});
