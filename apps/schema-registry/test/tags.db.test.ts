import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestRegistry, type TestRegistry } from './running-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const field = (entityPath: string, ...tags: string[]) => ({
  schemaEntity: { entityPath, entityType: 'sr_field' },
  tags,
});
const avro = (tags: string[] = []) => ({
  type: 'record',
  name: 'Order',
  namespace: 'acme',
  fields: [{ name: 'id', type: 'long', ...(tags.length === 0 ? {} : { 'confluent:tags': tags }) }],
});

describe('tags over HTTP', () => {
  test('a version is tagged, read with its tags by version and id, and untagged again', async () => {
    await registry.ask('POST /subjects/t/versions', { schema: JSON.stringify(avro()) });
    const tagged = await registry.ask('POST /subjects/t/versions/latest/tags', {
      newVersion: null,
      tagsToAdd: [field('acme.Order.id', 'PII'), field('.acme.Order.id', 'ID')],
      rulesToRemove: null,
    });
    expect(tagged).toMatchObject({ status: 200, body: { version: 2, schema: JSON.stringify(avro(['PII', 'ID'])) } });
    expect(tagged.body).toHaveProperty('metadata.properties', { 'confluent:version': '2' });

    const { id } = tagged.body as { id: number };
    const schemaTags = [field('acme.Order.id', 'PII', 'ID')];
    for (const path of ['/subjects/t/versions/2', `/schemas/ids/${id}`, `/schemas/ids/${id}?subject=t`]) {
      for (const wanted of ['*', 'ID', 'X&findTags=PII']) {
        const separator = path.includes('?') ? '&' : '?';
        expect(await registry.ask(`GET ${path}${separator}findTags=${wanted}`)).toMatchObject({
          status: 200,
          body: { schemaTags },
        });
      }
      expect((await registry.ask(`GET ${path}`)).body).not.toHaveProperty('schemaTags');
    }

    const untagged = await registry.ask('POST /subjects/t/versions/2/tags', {
      newVersion: 3,
      tagsToRemove: [field('acme.Order.id', 'PII', 'ID')],
    });
    expect(untagged).toMatchObject({ status: 200, body: { version: 3, schema: JSON.stringify(avro()) } });
  });

  test('a registration brings tags along, and the next one takes them over', async () => {
    const schema = 'syntax = "proto3";\n\nmessage M {\n  string f = 1;\n}\n';
    const request = { schemaType: 'PROTOBUF', schema };
    await registry.ask('POST /subjects/p/versions', { ...request, schemaTagsToAdd: [field('M.f', 'PII')] });
    const wider = { ...request, schema: schema.replace('= 1;', '= 1;\n  string g = 2;') };
    await registry.ask('POST /subjects/p/versions', { ...wider, propagateSchemaTags: true });
    expect(await registry.ask('GET /subjects/p/versions/2?findTags=*')).toMatchObject({
      status: 200,
      body: { schemaTags: [field('M.f', 'PII')] },
    });
    expect(await registry.ask('GET /subjects/p/versions/2/schema?format=serialized')).toMatchObject({ status: 200 });
  });

  test('what does not exist, or is no tag, is refused in the shape that clients know', async () => {
    await registry.ask('POST /subjects/e/versions', { schema: JSON.stringify(avro()) });
    const tags = 'POST /subjects/e/versions/1/tags';
    expect(await registry.ask(tags, { tagsToAdd: [field('acme.Order.no', 'T')] })).toMatchObject({
      status: 422,
      body: { error_code: 42_201, message: expect.stringContaining("No matching path 'acme.Order.no'") },
    });
    expect(await registry.ask(tags, { tagsToAdd: [field('acme.Order.id', '')] })).toMatchObject({
      status: 422,
      body: { error_code: 42_201 },
    });
    const wrongType = [{ schemaEntity: { entityPath: 'acme.Order', entityType: 'sr_enum' }, tags: ['T'] }];
    expect((await registry.ask(tags, { tagsToAdd: wrongType })).status).toBeGreaterThanOrEqual(400);
    expect(await registry.ask('POST /subjects/none/versions/1/tags', {})).toMatchObject({ status: 404 });
    expect((await registry.ask('GET /subjects/e/versions')).body).toEqual([1]);
  });
});
