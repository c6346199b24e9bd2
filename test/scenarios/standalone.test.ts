import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#libs/foundation/testing';
import { StandaloneProcess } from './harness/standalone-process.ts';

let data: string;
const processes: StandaloneProcess[] = [];

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'tidemark-standalone-'));
});
afterAll(async () => {
  for (const left of processes) await left.kill();
  await rm(data, { recursive: true, force: true });
});

function start(settings: Readonly<Record<string, string>> = {}): StandaloneProcess {
  const started = new StandaloneProcess(data, settings);
  processes.push(started);
  return started;
}

interface ServerNote {
  readonly port: number;
  readonly owner: { readonly pid: number } | null;
}
const note = async (): Promise<ServerNote> =>
  JSON.parse(await readFile(join(data, 'server.json'), 'utf8')) as ServerNote;

async function emitOnce(payload: object): Promise<void> {
  const { user, password } = JSON.parse(await readFile(join(data, 'credentials.json'), 'utf8')) as pg.ClientConfig;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: (await note()).port,
    database: 'postgres',
    user,
    password,
  });
  await client.connect();
  await client.query('select outbox.emit($1, $2, $3)', ['orders', 'order-1', payload]);
  await client.end();
}

interface RecordAnswer {
  readonly items: { readonly key: { readonly data: string }; readonly value: { readonly data: string } }[];
}
async function recordsOf(url: string): Promise<RecordAnswer['items']> {
  const answer = await fetch(`${url}/v1/topics/orders/records`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as RecordAnswer).items;
}

describe('everything in one process, on a fresh folder', () => {
  test('a topic is created, a message emitted and read; SIGTERM stops it all with exit code 0', async () => {
    const first = start();
    const url = await first.url();
    const created = await fetch(`${url}/v1/topics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'orders' }),
    });
    expect(created.status).toBe(201);
    await emitOnce({ total: 12 });
    const [record] = await eventually(async () => {
      const records = await recordsOf(url);
      expect(records).toHaveLength(1);
      return records;
    });
    expect([record!.key.data, JSON.parse(record!.value.data)]).toEqual(['order-1', { total: 12 }]);
    first.signal('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect((await note()).owner).toBeNull();
  });

  test('a second start has the data still', async () => {
    const second = start({ TIDEMARK_LOG_FORMAT: 'pretty' });
    await second.line('Ctrl-C stops.', 60_000);
    const url = /http:\/\/\S+/.exec(await second.line('  relay'))![0];
    expect(await recordsOf(url)).toHaveLength(1);
    expect(await second.line('  database')).toMatch(
      /postgres:\/\/postgres:\*\*\*@127\.0\.0\.1:\d+\/postgres +embedded/,
    );
    second.signal('SIGINT');
    expect(await second.exited).toEqual({ code: 0, signal: null });
  });

  test('a port in use is named with its setting; Postgres is stopped, exit code 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const refused = start({ TIDEMARK_RELAY_PORT: String(port) });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.lines.join('\n')).toContain(
      `PORT_UNAVAILABLE: port ${port} (TIDEMARK_RELAY_PORT) is in use by another process`,
    );
    expect((await note()).owner).toBeNull();
    await new Promise((resolve) => other.close(resolve));
  });

  test('a signal while starting ends the start, stops Postgres, and is no failure', async () => {
    const interrupted = start({ TIDEMARK_LOG_LEVEL: 'debug' });
    await interrupted.line('"starting"');
    interrupted.signal('SIGTERM');
    expect(await interrupted.exited).toEqual({ code: 0, signal: null });
    expect(interrupted.lines.join('\n')).not.toContain('relay started');
    expect((await note()).owner).toBeNull();
  });

  test('an unknown setting is refused before anything starts', async () => {
    const refused = start({ TIDEMARK_RELAY_PROT: '1' });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.lines.join('\n')).toContain(
      'TIDEMARK_RELAY_PROT: no such setting; did you mean TIDEMARK_RELAY_PORT?',
    );
  });
});
