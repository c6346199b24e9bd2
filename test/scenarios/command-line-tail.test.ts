import { createServer, type AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { run } from '../../apps/cli/src/run.ts';
import { RecordingTerminal } from '../../apps/cli/test/recording-terminal.ts';
import { RelayProcess } from './harness/relay-process.ts';

const PROGRAM = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
let database: TestDatabase;
let relay: RelayProcess;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders', 2)`);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  relay = await startRelay();
});
afterAll(async () => {
  await relay.kill();
  await database.drop();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startRelay(): Promise<RelayProcess> {
  const started = new RelayProcess(database.url, {
    TIDEMARK_RELAY_PORT: new URL(url).port,
    TIDEMARK_SEQUENCER_LEASE_MS: '500',
  });
  await started.url();
  return started;
}

const emit = (n: number) =>
  database.db.query(`select outbox.emit('orders', $1, $2::jsonb)`, [`k-${n % 4}`, JSON.stringify({ n })]);
const numbers = (terminal: RecordingTerminal): number[] =>
  terminal.out.map(
    (line) => (JSON.parse((JSON.parse(line) as { value: { data: string } }).value.data) as { n: number }).n,
  );
const sorted = (values: number[]): number[] => values.toSorted((a, b) => a - b);

describe('tail', () => {
  test('a relay that is killed and comes back: each record once, none missing', async () => {
    const all = new RecordingTerminal({ TIDEMARK_URL: url });
    const later = new RecordingTerminal({ TIDEMARK_URL: url });
    const ends = [
      run(['tail', 'orders', '--from', 'earliest', '--json'], all),
      run(['tail', 'orders', '--json'], later),
    ];
    let emitted = 0;
    const emitSome = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left -= 1) await emit(emitted++);
    };
    await eventually(async () => {
      await emitSome(1);
      expect(all.out.length * later.out.length).toBeGreaterThan(0);
    });
    await relay.kill();
    await eventually(() =>
      expect(all.err.join('\n') + later.err.join('\n')).toMatch(/connection lost[^]*connection lost/),
    );
    await emitSome(10);
    relay = await startRelay();
    await eventually(() => expect(all.err.at(-1)).toBe('connected again'), 20_000);
    await emitSome(10);
    const upTo = (first: number): number[] => Array.from({ length: emitted - first }, (_, index) => first + index);
    await eventually(() => expect(sorted(numbers(all))).toEqual(upTo(0)), 20_000);
    // The one that began at the end misses nothing from there on.
    await eventually(() => expect(sorted(numbers(later))).toEqual(upTo(Math.min(...numbers(later)))), 20_000);
    expect(later.out.length).toBeGreaterThan(20);
    for (const terminal of [all, later]) terminal.interruption.abort();
    expect(await Promise.all(ends)).toEqual([130, 130]);
  });

  test('begins at a time, and prints one partition alone', async () => {
    const terminal = new RecordingTerminal({ TIDEMARK_URL: url });
    const ended = run(['tail', 'orders', '--since', '1h', '--partition', '1', '--key-only'], terminal);
    await eventually(() => expect(terminal.out.length).toBeGreaterThan(0));
    terminal.interruption.abort();
    expect(await ended).toBe(130);
    for (const line of terminal.out) expect(line).toMatch(/^1:\d+ {2}\S+ {2}k-\d$/);
  });

  test('an unknown topic is refused at once', async () => {
    const terminal = new RecordingTerminal({ TIDEMARK_URL: url });
    expect(await run(['tail', 'nope'], terminal)).toBe(1);
    expect(terminal.err.join('\n')).toContain('TOPIC_UNKNOWN');
  });

  test('Ctrl-C ends the process with 130, in silence', async () => {
    const child = spawn(process.execPath, ['--conditions=source', PROGRAM, 'tail', 'orders', '--from', 'earliest'], {
      env: { TIDEMARK_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => errors.push(data));
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(Buffer.concat(errors).toString()).toBe('');
  });
});
