import type { RegistryRequests } from './registry-requests.ts';

const avro = (name: string, ...fields: string[]): string =>
  JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) => ({ name: field, type: ['null', 'string'], default: null })),
  });

/**
 * Fills a registry with what a copy can get wrong: three formats, references within and across contexts, soft-deleted
 * versions with and without referrers, an id under two subjects, gaps of ids and versions from an import, metadata and rules,
 * names that have to be encoded, configs and modes.
 */
export async function fillVaried(registry: RegistryRequests): Promise<void> {
  const money = {
    schemaType: 'PROTOBUF',
    schema: 'syntax = "proto3";\npackage a;\nmessage Money { int64 units = 1; }',
  };
  await registry.register('money', money);
  await registry.register('money', { ...money, schema: money.schema.replace('= 1; }', '= 1; string code = 2; }') });
  const invoice = 'syntax = "proto3";\nimport "money.proto";\nmessage Invoice { a.Money total = 1; }';
  const refersTo = (version: number) => ({ references: [{ name: 'money.proto', subject: 'money', version }] });
  await registry.register('invoice', { schemaType: 'PROTOBUF', schema: invoice, ...refersTo(1) });
  await registry.register('invoice', { schemaType: 'PROTOBUF', schema: invoice, ...refersTo(2) });
  await registry.delete('/subjects/invoice/versions/1');
  await registry.delete('/subjects/money/versions/1');
  await registry.register('orders-value', { schema: avro('Order', 'a') });
  await registry.register('orders-value', {
    schema: avro('Order', 'a', 'b'),
    metadata: { properties: { owner: 'sales' }, tags: { 'Order.a': ['PII'] }, sensitive: ['owner'] },
    ruleSet: { domainRules: [{ name: 'check', kind: 'CONDITION', type: 'CEL', mode: 'WRITE', expr: 'true' }] },
  });
  await registry.delete('/subjects/orders-value/versions/1');
  await registry.register('orders/copy ü', { schema: avro('Order', 'a') });
  await registry.register('gone', { schema: avro('Gone', 'a') });
  await registry.delete('/subjects/gone');
  const customer =
    '{"$id":"c","type":"object","properties":{"10":{"type":"number","maximum":1.50},"9":{"type":"string"}}}';
  await registry.register(':.eu:customer', { schemaType: 'JSON', schema: customer });
  await registry.register(':.eu:money', money);
  await registry.register(':.eu:invoice', {
    schemaType: 'PROTOBUF',
    schema: invoice,
    references: [{ name: 'money.proto', subject: 'money', version: 1 }],
  });
  await registry.send('PUT', '/mode/:.us:', { mode: 'IMPORT' });
  for (const [version, id] of [
    [3, 400],
    [7, 31],
  ]) {
    await registry.register(':.us:bill', { schema: avro('Bill', `f${version}`), version, id });
  }
  await registry.send('PUT', '/mode/:.us:', { mode: 'READWRITE' });
  await registry.send('PUT', '/config', { compatibility: 'FULL' });
  await registry.send('PUT', '/config/orders-value', { compatibility: 'BACKWARD_TRANSITIVE', normalize: true });
  await registry.send('PUT', '/config/:.eu:', {
    compatibility: 'NONE',
    defaultMetadata: { properties: { region: 'eu' } },
  });
  await registry.send('PUT', '/mode/money', { mode: 'READONLY' });
}
