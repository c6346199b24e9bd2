import { beforeAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PRELUDE = `
import type { EntityManager, DataSource, QueryRunner } from 'typeorm';
import type { Client, Pool, PoolClient } from 'pg';
import { createOutbox, OutboxService } from './index.ts';
interface OrderPlaced { orderId: string; cents: number }
interface Events { 'orders.placed': OrderPlaced; 'orders.cancelled': { orderId: string } }
declare const client: Client; declare const poolClient: PoolClient; declare const pool: Pool;
declare const manager: EntityManager; declare const runner: QueryRunner; declare const source: DataSource;
declare const service: OutboxService<Events>;
const outbox = createOutbox<Events>(); const untyped = createOutbox();
const placed: OrderPlaced = { orderId: 'o', cents: 1 };
export const results = [
`;

/** The messages of the compiler about one expression that uses the SDK. */
const SNIPPETS = {
  right: `outbox.emit(client, 'orders.placed', { key: 'o', payload: { orderId: 'o', cents: 1 } })`,
  tombstone: `outbox.emit(poolClient, 'orders.placed', { key: 'o', payload: null })`,
  bytes: `outbox.emit(manager, 'orders.placed', { payload: Buffer.from('x') })`,
  queryRunner: `outbox.emit(runner, 'orders.cancelled', { payload: { orderId: 'o' } })`,
  raw: `outbox.emit({ query: async (sql: string, params?: unknown[]) => [{ sql, params }] }, 'orders.placed', { payload: placed })`,
  batch: `outbox.emitBatch(client, [{ topic: 'orders.placed', payload: placed }, { topic: 'orders.cancelled', payload: { orderId: 'o' } }])`,
  anyJson: `untyped.emit(client, 'whatever', { payload: { nested: [1, 'a', null] } })`,
  injected: `service.emit(manager, 'orders.placed', { payload: placed })`,
  wrongTopic: `outbox.emit(client, 'orders.plaed', { payload: placed })`,
  wrongType: `outbox.emit(client, 'orders.placed', { payload: { orderId: 'o', cents: '1' } })`,
  missingField: `outbox.emit(client, 'orders.placed', { payload: { orderId: 'o' } })`,
  payloadOfAnother: `outbox.emit(client, 'orders.cancelled', { payload: placed.cents })`,
  wrongInBatch: `outbox.emitBatch(client, [{ topic: 'orders.placed', payload: { orderId: 'o' } }])`,
  wrongTopicInBatch: `outbox.emitBatch(client, [{ topic: 'nope', payload: placed }])`,
  aPool: `outbox.emit(pool, 'orders.placed', { payload: placed })`,
  aDataSource: `outbox.emit(source, 'orders.placed', { payload: placed })`,
  injectedWrong: `service.emit(manager, 'orders.placed', { payload: 1 })`,
};

const wrong = [
  'wrongTopic',
  'wrongType',
  'missingField',
  'payloadOfAnother',
  'wrongInBatch',
  'wrongTopicInBatch',
  'aPool',
  'aDataSource',
  'injectedWrong',
];
let refused: Record<string, string>;

beforeAll(() => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const file = fileURLToPath(new URL('../src/event-map-snippets.ts', import.meta.url));
  const source = PRELUDE + Object.values(SNIPPETS).join(',\n') + '\n];\n';
  const config = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const plain = ts.createCompilerHost({ ...options, noEmit: true });
  host.fileExists = (name) => name === file || plain.fileExists(name);
  host.readFile = (name) => (name === file ? source : plain.readFile(name));
  host.getSourceFile = (name, languageVersion, ...rest) =>
    name === file
      ? ts.createSourceFile(name, source, languageVersion)
      : plain.getSourceFile(name, languageVersion, ...rest);
  const program = ts.createProgram([file], { ...options, noEmit: true }, host);
  const first = PRELUDE.split('\n').length - 1;
  const names = Object.keys(SNIPPETS);
  refused = {};
  const parsed = program.getSourceFile(file);
  for (const problem of [...program.getSyntacticDiagnostics(parsed), ...program.getSemanticDiagnostics(parsed)]) {
    const line = parsed?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
    refused[names[line - first] ?? `line ${line}`] = ts.flattenDiagnosticMessageText(problem.messageText, ' ');
  }
}, 120_000);

describe('an event map', () => {
  test('lets right topics and payloads compile, and makes each wrong one a compile error', () => {
    expect(Object.keys(refused).sort()).toEqual([...wrong].sort());
  });

  test('says which topics there are', () => {
    expect(refused['wrongTopic']).toContain('"orders.placed" | "orders.cancelled"');
  });
});
