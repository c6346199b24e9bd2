import type pg from 'pg';
import type { BenchDatabase } from '../bench-server.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { compare, type Run } from '../rounds.ts';

/*
 * Row 1: a business transaction that emits, over the same with an insert into an outbox table that has nothing but its
 * primary key. Five round trips each: begin, take from stock, insert an order, write the message, commit.
 */
const PAYLOAD = JSON.stringify({ text: 'x'.repeat(280) });
const STOCK_ITEMS = 10_000;
const TURNS = 16;

interface WriteMessage {
  readonly name: string;
  readonly text: string;
  readonly values: (key: string) => unknown[];
}

const PLAIN: WriteMessage = {
  name: 'plain',
  text: `insert into plain_outbox (topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
         values (1, null, null, clock_timestamp(), gen_random_uuid(), $1, null, $2)`,
  values: (key) => [Buffer.from(key), Buffer.from(PAYLOAD)],
};
/** What the SDK calls. */
export const EMIT_BYTES: WriteMessage = {
  name: 'emit-bytes',
  text: `select outbox.emit_bytes('orders', $1, $2)`,
  values: (key) => [Buffer.from(key), Buffer.from(PAYLOAD)],
};
const EMIT_JSON: WriteMessage = {
  name: 'emit-json',
  text: `select outbox.emit('orders', $1, $2::jsonb)`,
  values: (key) => [key, PAYLOAD],
};

export const businessTransaction: Measurement = {
  name: 'transaction',
  run: async (bench, found) => {
    const database = await bench.server.createDatabase();
    await prepareBusinessTables(database);
    found(
      await compareWrites(bench, database, {
        row: '1',
        emit: EMIT_BYTES,
        connections: 1,
        durable: true,
        atLeast: 0.85,
      }),
    );
    found(
      await compareWrites(bench, database, {
        row: '1',
        emit: EMIT_BYTES,
        connections: 8,
        durable: true,
        atLeast: 0.85,
      }),
    );
    found(await compareWrites(bench, database, { row: '1b', emit: EMIT_BYTES, connections: 1, durable: false }));
    found(await compareWrites(bench, database, { row: '1b', emit: EMIT_BYTES, connections: 8, durable: false }));
    found(await compareWrites(bench, database, { row: '1c', emit: EMIT_JSON, connections: 8, durable: true }));
    await database.drop();
  },
};

export async function prepareBusinessTables(database: BenchDatabase): Promise<void> {
  const pool = database.pool(1);
  await pool.query(`
    create table stock (id integer primary key, quantity bigint not null);
    insert into stock select n, 1000000000 from generate_series(1, ${STOCK_ITEMS}) n;
    create table orders (id bigint generated always as identity primary key, item integer not null, cents integer not null, placed_at timestamptz not null default now());
    create table plain_outbox (
      id bigint generated always as identity primary key, topic_id integer not null, partition integer, schema_id integer,
      created_at timestamptz not null, message_id uuid not null, key bytea, headers jsonb, payload bytea);
    select outbox.create_topic('orders')`);
}

async function compareWrites(
  bench: Bench,
  database: BenchDatabase,
  options: { row: string; emit: WriteMessage; connections: number; durable: boolean; atLeast?: number },
): ReturnType<typeof compare> {
  const pool = database.pool(options.connections);
  const clients = await Promise.all(Array.from({ length: options.connections }, () => pool.connect()));
  for (const client of clients) await client.query(`set synchronous_commit = ${options.durable ? 'on' : 'off'}`);
  const ms = (bench.options.seconds * 1000) / TURNS;
  try {
    return await compare({
      row: options.row,
      what: `transaction with ${options.emit.name}, ${options.connections} conn, commit ${options.durable ? 'durable' : 'async'}`,
      unit: 'tx',
      rounds: bench.options.rounds,
      turns: TURNS,
      measured: () => runTransactions(clients, options.emit, ms),
      floor: () => runTransactions(clients, PLAIN, ms),
      atLeast: options.atLeast,
      serverPid: bench.server.pid,
      details: { connections: options.connections, durable: options.durable, payloadBytes: PAYLOAD.length },
    });
  } finally {
    for (const client of clients) client.release();
  }
}

/** As many business transactions as fit into the time, one after the other on each connection. */
export async function runTransactions(
  clients: readonly pg.ClientBase[],
  write: WriteMessage,
  ms: number,
): Promise<Run> {
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  const counts = await Promise.all(
    clients.map(async (client) => {
      let count = 0;
      for (; performance.now() < endsAt; count += 1) await transact(client, write);
      return count;
    }),
  );
  return { units: counts.reduce((sum, count) => sum + count, 0), ms: performance.now() - startedAt };
}

async function transact(client: pg.ClientBase, write: WriteMessage): Promise<void> {
  const item = 1 + Math.floor(Math.random() * STOCK_ITEMS);
  await client.query('begin');
  await client.query({ name: 'stock', text: 'update stock set quantity = quantity - 1 where id = $1', values: [item] });
  const order = await client.query<{ id: string }>({
    name: 'order',
    text: 'insert into orders (item, cents) values ($1, $2) returning id',
    values: [item, 990],
  });
  await client.query({ name: write.name, text: write.text, values: write.values(`order-${order.rows[0]!.id}`) });
  await client.query('commit');
}
