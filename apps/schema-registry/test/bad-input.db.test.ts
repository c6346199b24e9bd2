import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestRegistry, type TestRegistry } from './running-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry({ TIDEMARK_REGISTRY_BODY_MAX_BYTES: '65536' });
  await registry.ask('POST /subjects/kept/versions', { schema: '"string"' });
  await registry.ask('PUT /config/kept', { compatibility: 'FULL' });
});
afterAll(() => registry.stop());

/** Everything that requests can change, as text. */
async function everything(): Promise<string> {
  const tables = ['schema', 'subject_version', 'schema_reference', 'config', 'mode', 'association'];
  const parts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await registry.database.db.query(
        `select to_jsonb(t) as row from registry.${table} t order by 1`,
      );
      return JSON.stringify(rows);
    }),
  );
  const counts = await registry.database.db.query(
    'select (select count(*) from audit.entry) as entries, (select count(*) from outbox.message) as messages',
  );
  return [...parts, JSON.stringify(counts.rows)].join('\n');
}

const deep = (levels: number) => `${'{"type":"array","items":'.repeat(levels)}"string"${'}'.repeat(levels)}`;

test.each<[string, string, unknown, number]>([
  ['no JSON', 'POST /subjects/x/versions', '{"schema":', 400],
  ['no schema', 'POST /subjects/x/versions', {}, 422],
  ['an unknown type', 'POST /subjects/x/versions', { schema: '"string"', schemaType: 'YAML' }, 422],
  ['a schema that is no Avro', 'POST /subjects/x/versions', { schema: '{"type":"nothing"}' }, 422],
  ['a schema that is no JSON Schema', 'POST /subjects/x/versions', { schema: '[1', schemaType: 'JSON' }, 422],
  ['a schema that is no Protobuf', 'POST /subjects/x/versions', { schema: 'mess {', schemaType: 'PROTOBUF' }, 422],
  ['a schema nested too deep', 'POST /subjects/x/versions', { schema: deep(1_000) }, 422],
  ['a body that is too large', 'POST /subjects/x/versions', { schema: 'x'.repeat(70_000) }, 413],
  ['a reference to nothing', 'POST /subjects/x/versions', ref('none'), 422],
  [
    'a remote reference',
    'POST /subjects/x/versions',
    { schemaType: 'JSON', schema: '{"$ref":"http://127.0.0.1:1/a"}' },
    422,
  ],
  ['an incompatible schema', 'POST /subjects/kept/versions', { schema: '"int"' }, 409],
  ['a wrong next version', 'POST /subjects/kept/versions', { schema: '"bytes"', version: 9 }, 422],
  ['an id outside of IMPORT', 'POST /subjects/x/versions', { schema: '"long"', id: 12 }, 422],
  ['a subject with a control character', 'POST /subjects/a%07b/versions', { schema: '"string"' }, 422],
  ['a reserved subject', 'POST /subjects/__GLOBAL/versions', { schema: '"string"' }, 422],
  ['an unknown level', 'PUT /config/kept', { compatibility: 'MAYBE' }, 422],
  ['a config without a body', 'PUT /config/kept', undefined, 422],
  ['an unknown mode', 'PUT /mode/kept', { mode: 'ODD' }, 422],
  ['a permanent delete first', 'DELETE /subjects/kept?permanent=true', undefined, 404],
  ['a version that is none', 'DELETE /subjects/kept/versions/zero', undefined, 422],
  ['an association with nothing', 'POST /associations', { resourceName: 't' }, 422],
  [
    'an association whose schema is wrong',
    'POST /associations',
    {
      resourceName: 't',
      resourceNamespace: 'n',
      resourceId: 'i',
      associations: [{ subject: 'kept', associationType: 'key' }, { schema: { schema: '{' } }],
    },
    422,
  ],
  ['a dry run', 'POST /associations?dryRun=true', association(), 200],
  ['another media type', 'POST /subjects/x/versions', { schema: '"string"' }, 415],
])('%s changes nothing', async (name, request, body, status) => {
  const before = await everything();
  const headers: Record<string, string> = name === 'another media type' ? { 'content-type': 'text/plain' } : {};
  const reply = await registry.ask(request, body, headers);
  expect({ name, status: reply.status, body: reply.body }).toMatchObject({ name, status });
  if (status >= 400) {
    const { error_code: code, message } = reply.body as { error_code: number; message: string };
    expect(Number(String(code).slice(0, 3))).toBe(status);
    expect(message.length).toBeGreaterThan(3);
  }
  expect(await everything()).toBe(before);
});

function ref(subject: string) {
  return { schema: '{"type":"record","name":"R","fields":[]}', references: [{ name: 'X', subject, version: 1 }] };
}

function association() {
  return { resourceName: 't', resourceNamespace: 'n', associations: [{ subject: 'kept' }] };
}
