import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Rule, SchemaTags } from '#libs/formats/schema';
import { SCHEMA_FORMATS } from '../src/known-formats.ts';
import type { SchemaRegistry, SchemaRequest, VersionSelector } from '../src/registry.ts';
import { BY, PLAIN, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let subject: string;
beforeAll(async () => {
  its = await startRegistry({ formats: SCHEMA_FORMATS });
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

const field = (entityPath: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath, entityType: 'sr_field' },
  tags,
});
const record = (entityPath: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath, entityType: 'sr_record' },
  tags,
});

const rule = (name: string, expr: string): Rule => ({ name, kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr });

interface Case {
  readonly type: string;
  readonly schema: string;
  /** The same with a field more. */
  readonly wider: string;
  /** Without the field that is tagged. */
  readonly other: string;
  readonly field: string;
  readonly record: string;
  readonly tagged: string;
}
const CASES: readonly Case[] = [
  {
    type: 'AVRO',
    schema: '{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":"string","default":""}]}',
    wider:
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":"string","default":""},{"name":"y","type":"int","default":0}]}',
    other: '{"type":"record","name":"R","namespace":"n","fields":[{"name":"y","type":"int","default":0}]}',
    field: 'n.R.x',
    record: 'n.R',
    tagged:
      '{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":"string","default":"","confluent:tags":["PII","A"]}]}',
  },
  {
    type: 'JSON',
    schema: '{"type":"object","properties":{"x":{"type":"string"}},"additionalProperties":false}',
    wider: '{"type":"object","properties":{"x":{"type":"string"},"y":{}},"additionalProperties":false}',
    other: '{"type":"object","properties":{"y":{}}}',
    field: 'object.x',
    record: 'object',
    tagged:
      '{"type":"object","properties":{"x":{"type":"string","confluent:tags":["PII","A"]}},"additionalProperties":false}',
  },
  {
    type: 'PROTOBUF',
    schema: 'syntax = "proto3";\npackage n;\n\nmessage R {\n  string x = 1;\n}\n',
    wider: 'syntax = "proto3";\npackage n;\n\nmessage R {\n  string x = 1;\n  int32 y = 2;\n}\n',
    other: 'syntax = "proto3";\npackage n;\n\nmessage R {\n  int32 y = 2;\n}\n',
    field: 'R.x',
    record: 'R',
    tagged: `syntax = "proto3";
package n;

message R {
  string x = 1 [(confluent.field_meta) = {
    tags: [
      "PII",
      "A"
    ]
  }];
}
`,
  },
];

const register = (schemaType: string, schema: string, more: Partial<SchemaRequest> = {}) =>
  its.registry.register(subject, { schemaType, schema, ...more }, PLAIN, BY);
const change = (version: VersionSelector, request: Parameters<SchemaRegistry['changeTags']>[2]) =>
  its.registry.changeTags(subject, version, request, BY);
const tagsOf = async (version: VersionSelector, ...findTags: string[]) => {
  const query = { deleted: false, format: '', referenceFormat: '', findTags };
  return (await its.registry.getVersion(subject, version, query)).schemaTags;
};

describe.each(CASES)('tags of $type schemas', (given) => {
  const { type } = given;

  test('a version with more tags is the next one, with its number noted, and all else of the version before', async () => {
    const metadata = { properties: { owner: 'ada' } };
    const ruleSet = { domainRules: [rule('r', 'true')] };
    const first = await register(type, given.schema, { metadata, ruleSet });
    const second = await change('latest', { tagsToAdd: [field(given.field, 'PII', 'A')] });
    expect(second).toMatchObject({ version: 2, schema: given.tagged, ruleSet });
    expect(second.metadata).toEqual({ properties: { owner: 'ada', 'confluent:version': '2' } });
    expect(second.id).not.toBe(first.id);
    const back = await change(2, { newVersion: 3, tagsToRemove: [field(given.field, 'A', 'PII')] });
    expect(back).toMatchObject({ version: 3, metadata: { properties: { 'confluent:version': '3' } } });
    expect(await tagsOf(3, '*')).toEqual([]);
    expect(await tagsOf(2, '*')).toEqual([field(given.field, 'PII', 'A')]);
    expect(await tagsOf(1, '*')).toEqual([]);
  });

  test('rules are merged by name and removed, and metadata replaced, in the same step', async () => {
    await register(type, given.schema, { ruleSet: { domainRules: [rule('a', '1'), rule('b', '1')] } });
    const next = await change('latest', {
      tagsToAdd: [record(given.record, 'T')],
      metadata: { properties: { team: 'x' } },
      rulesToMerge: { domainRules: [rule('b', '2'), rule('c', '2')] },
      rulesToRemove: ['a'],
    });
    expect(next.ruleSet?.domainRules?.map(({ name, expr }) => [name, expr])).toEqual([
      ['b', '2'],
      ['c', '2'],
    ]);
    expect(next.metadata).toEqual({ properties: { team: 'x', 'confluent:version': '2' } });
    expect(await tagsOf('latest', '*')).toEqual([record(given.record, 'T')]);
  });

  test('are written by a registration that adds and removes them', async () => {
    const made = await register(type, given.schema, { schemaTagsToAdd: [field(given.field, 'PII', 'A')] });
    expect(made).toMatchObject({ version: 1, schema: given.tagged });
    const tags = { schemaTagsToAdd: [record(given.record, 'R')], schemaTagsToRemove: [field(given.field, 'PII')] };
    await register(type, given.tagged, tags);
    expect(await tagsOf('latest', '*')).toEqual([record(given.record, 'R'), field(given.field, 'A')]);
  });

  test('are taken over from the version before to the same places, when that is asked for', async () => {
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    const both = [record(given.record, 'R'), field(given.field, 'PII', 'A')];
    await register(type, given.schema, { schemaTagsToAdd: both });
    await register(type, given.wider, { propagateSchemaTags: true });
    expect(await tagsOf('latest', '*')).toEqual(both);
    await register(type, given.other, { propagateSchemaTags: true });
    expect(await tagsOf('latest', '*')).toEqual([record(given.record, 'R')]);
    await register(type, given.schema);
    expect(await tagsOf('latest', '*')).toEqual([]);
  });

  test('are found by name and by any, by version and by id', async () => {
    const all = [record(given.record, 'R'), field(given.field, 'PII', 'A')];
    const { id } = await register(type, given.schema, { schemaTagsToAdd: all });
    expect(await tagsOf(1, '*')).toEqual(all);
    expect(await tagsOf(1, 'A', 'unknown')).toEqual([all[1]]);
    expect(await tagsOf(1, 'unknown')).toEqual([]);
    expect(await tagsOf(1)).toBeUndefined();
    const query = { subject: undefined, format: '', referenceFormat: '', fetchMaxId: false };
    expect((await its.registry.getById(id, { ...query, findTags: ['R'] })).schemaTags).toEqual([all[0]]);
  });

  test('of a place that is not there are 42201 with its path, and nothing is stored', async () => {
    await register(type, given.schema);
    const tagsToAdd = [field(given.field, 'ok'), field(`${given.record}.missing`, 'T')];
    const unknown = { code: 42_201, message: expect.stringContaining(`'${given.record}.missing'`) };
    expect(await refusal(change('latest', { tagsToAdd }))).toMatchObject(unknown);
    expect(await refusal(change('latest', { tagsToRemove: tagsToAdd }))).toMatchObject(unknown);
    expect(await refusal(register(type, given.wider, { schemaTagsToAdd: tagsToAdd }))).toMatchObject(unknown);
    expect(await refusal(change('latest', { newVersion: 9, tagsToAdd: [field(given.field, 'T')] }))).toMatchObject({
      code: 42_201,
    });
    expect(await refusal(change('latest', { tagsToAdd: [field(given.field, 'half \ud800')] }))).toMatchObject({
      code: 42_201,
    });
    const all = { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 } as const;
    expect(await its.registry.listVersions(subject, all)).toEqual([1]);
  });
});
