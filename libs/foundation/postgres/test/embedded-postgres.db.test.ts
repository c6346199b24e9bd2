import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedBench, isRunning, query } from './embedded-bench.ts';

let bench: EmbeddedBench;
beforeEach(() => {
  bench = new EmbeddedBench();
});
afterEach(() => bench.clear());

const serverLog = (dataDir: string): Promise<string> => readFile(join(dataDir, 'postgres.log'), 'utf8');

describe('one process after another', () => {
  test('a fresh start makes a database that only this machine and this password reach', async () => {
    const dataDir = await bench.folder();
    const server = await bench.start(dataDir);
    expect(server.reused).toBe(false);
    const settings =
      "select setting from pg_settings where name in ('listen_addresses','unix_socket_directories','wal_level') order by name";
    expect(await query(server.url, settings)).toEqual(['127.0.0.1', '', 'replica']);
    expect((await stat(join(dataDir, 'credentials.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop(10_000);
  });

  test('a stop is clean, and the next start finds data, password and port again', async () => {
    const dataDir = await bench.folder();
    const first = await bench.start(dataDir);
    await query(first.url, 'create table kept as select 42 as answer');
    const stopping = first.stop(10_000);
    expect(first.stop(10_000)).toBe(stopping);
    await stopping;
    expect(await isRunning(first.pid)).toBe(false);
    expect(await serverLog(dataDir)).toMatch(/database system is shut down\n$/);
    const second = await bench.start(dataDir);
    expect([second.url, second.reused]).toEqual([first.url, false]);
    expect(await query(second.url, 'select answer from kept')).toEqual(['42']);
    expect(await serverLog(dataDir)).not.toContain('was not properly shut down');
    await second.stop(10_000);
    expect((await readdir(dataDir)).sort()).toEqual(['credentials.json', 'postgres', 'postgres.log', 'server.json']);
  });

  test('a server that was killed recovers; a committed row is there', async () => {
    const dataDir = await bench.folder();
    const first = await bench.start(dataDir);
    await query(first.url, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    const second = await bench.start(dataDir);
    expect(await query(second.url, 'select answer from kept')).toEqual(['42']);
    expect(await serverLog(dataDir)).toContain('was not properly shut down');
    await second.stop(10_000);
    await first.stop(10_000);
  });

  test('a left-over postmaster.pid that names another program does not keep the server from starting', async () => {
    const dataDir = await bench.folder();
    const first = await bench.start(dataDir);
    const path = join(dataDir, 'postgres', 'postmaster.pid');
    const left = await readFile(path, 'utf8');
    const { uid, gid } = await stat(path);
    await first.stop(10_000);
    // A process that the server's user may signal: only then Postgres believes that it is a server.
    const other = await bench.hold(await bench.folder());
    await writeFile(path, left.replace(/^\d+/, String(other.server.pid)), { mode: 0o600 });
    await chown(path, uid, gid);
    const second = await bench.start(dataDir);
    expect(second.reused).toBe(false);
    expect(bench.log.join('\n')).toContain(`process ${other.server.pid} is another program`);
    await second.stop(10_000);
  });
});

describe('several processes', () => {
  test('two starts at once on a new folder: one makes it, the other one uses it and leaves it running', async () => {
    const dataDir = await bench.folder();
    const held = await Promise.all([bench.hold(dataDir), bench.hold(dataDir)]);
    expect(held.filter(({ server }) => server.reused)).toHaveLength(1);
    expect(held[0].server.pid).toBe(held[1].server.pid);
    const [owner, user] = held[0].server.reused ? [held[1], held[0]] : [held[0], held[1]];
    user.child.kill('SIGTERM');
    expect(await once(user.child, 'exit')).toEqual([0, null]);
    expect(await isRunning(owner.server.pid)).toBe(true);
    owner.child.kill('SIGTERM');
    expect(await once(owner.child, 'exit')).toEqual([0, null]);
    expect(await isRunning(owner.server.pid)).toBe(false);
  });

  test('so do starts at once in one process', async () => {
    const dataDir = await bench.folder();
    const servers = await Promise.all([bench.start(dataDir), bench.start(dataDir), bench.start(dataDir)]);
    expect(servers.filter((server) => server.reused)).toHaveLength(2);
    expect(new Set(servers.map((server) => server.pid)).size).toBe(1);
    for (const server of servers.filter((one) => one.reused)) await server.stop(10_000);
    expect(await isRunning(servers[0].pid)).toBe(true);
    await Promise.all(servers.map((server) => server.stop(10_000)));
    expect(await isRunning(servers[0].pid)).toBe(false);
  });

  test('a server whose process was killed is taken over, and then stopped', async () => {
    const dataDir = await bench.folder();
    const held = await bench.hold(dataDir);
    held.child.kill('SIGKILL');
    await once(held.child, 'exit');
    const server = await bench.start(dataDir);
    expect([server.reused, server.pid, server.port]).toEqual([true, held.server.pid, held.server.port]);
    expect(await query(server.url, 'select 1')).toEqual(['1']);
    await server.stop(10_000);
    expect(await isRunning(server.pid)).toBe(false);
    expect(await serverLog(dataDir)).toMatch(/database system is shut down\n$/);
  });

  test('a user of the server stops it when the process that owned it is gone by then', async () => {
    const dataDir = await bench.folder();
    const held = await bench.hold(dataDir);
    const server = await bench.start(dataDir);
    expect(server.reused).toBe(true);
    held.child.kill('SIGKILL');
    await once(held.child, 'exit');
    await server.stop(10_000);
    expect(await isRunning(server.pid)).toBe(false);
  });

  const nobody = { uid: 65_534, gid: 65_534 };
  const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const script = 'const fs = require("node:fs"); fs.accessSync(process.argv[1]);';
  const reachable =
    process.geteuid?.() === 0 && spawnSync(process.execPath, ['-e', script, source], nobody).status === 0;
  (reachable ? test : test.skip)('an ordinary user runs it as themselves', async () => {
    const dataDir = await bench.folder();
    const parent = join(dataDir, '..');
    await chown(parent, nobody.uid, nobody.gid);
    const held = await bench.hold(dataDir, nobody);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(nobody.uid);
    held.child.kill('SIGTERM');
    expect(await once(held.child, 'exit')).toEqual([0, null]);
    expect(await isRunning(held.server.pid)).toBe(false);
    // One start as root in between leaves it theirs.
    await (await bench.start(dataDir)).stop(10_000);
    for (const name of await readdir(dataDir))
      expect([name, (await stat(join(dataDir, name))).uid]).toEqual([name, nobody.uid]);
  });
});

describe('ports', () => {
  async function occupied(): Promise<{ port: number; release: () => void }> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return { port: (listener.address() as AddressInfo).port, release: () => listener.close() };
  }

  test('one that was asked for and is in use is named; nothing is left running', async () => {
    const dataDir = await bench.folder();
    const { port, release } = await occupied();
    await expect(bench.start(dataDir, { port })).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: `port ${port} on 127.0.0.1 is in use by another program`,
      remedy: expect.stringContaining('Ask for another port'),
    });
    expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
    release();
  });

  test('one that was only remembered and is in use is replaced', async () => {
    const dataDir = await bench.folder();
    const { port, release } = await occupied();
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'server.json'), JSON.stringify({ port, owner: null }));
    const server = await bench.start(dataDir);
    expect(server.port).not.toBe(port);
    await server.stop(10_000);
    release();
  });

  test('another one than that of a running server is refused while its process lives', async () => {
    const dataDir = await bench.folder();
    const server = await bench.start(dataDir);
    await expect(bench.start(dataDir, { port: server.port + 1 })).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: expect.stringContaining(`already runs this database on port ${server.port}`),
    });
    await server.stop(10_000);
  });
});

describe('folders that are not as they should be', () => {
  test('what an interrupted initdb left is removed, and a folder that is no database is moved aside', async () => {
    const dataDir = await bench.folder();
    await mkdir(join(dataDir, 'postgres.initdb-1', 'base'), { recursive: true });
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'note.txt'), 'mine');
    const { uid } = await stat(join(dataDir, 'postgres'));
    // Root's own folder could not be given to the server without taking it from somebody.
    if (uid === 0) await chown(join(dataDir, 'postgres'), 65_534, 65_534);
    const server = await bench.start(dataDir);
    await server.stop(10_000);
    const names = await readdir(dataDir);
    const aside = names.find((name) => name.startsWith('postgres.unfinished-')) ?? 'none';
    expect(await readFile(join(dataDir, aside, 'note.txt'), 'utf8')).toBe('mine');
    expect(names).not.toContain('postgres.initdb-1');
  });

  test('another major version, a damaged database and lost credentials are named and left alone', async () => {
    const dataDir = await bench.folder();
    await (await bench.start(dataDir)).stop(10_000);
    const at = (...names: string[]): string => join(dataDir, ...names);
    const failure = (message: string): object => ({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: expect.stringContaining(message),
    });

    await rename(at('credentials.json'), at('kept.json'));
    await expect(bench.start(dataDir)).rejects.toMatchObject(failure('credentials.json is missing or damaged'));
    await rename(at('kept.json'), at('credentials.json'));

    await rename(at('postgres', 'global', 'pg_control'), at('pg_control'));
    await expect(bench.start(dataDir)).rejects.toMatchObject(failure('global/pg_control is missing'));
    await rename(at('pg_control'), at('postgres', 'global', 'pg_control'));

    await writeFile(at('postgres', 'PG_VERSION'), '17\n');
    await expect(bench.start(dataDir)).rejects.toMatchObject(failure('was made by Postgres 17'));
    await writeFile(at('postgres', 'PG_VERSION'), '18\n');

    await (await bench.start(dataDir)).stop(10_000);
  });

  test("a start that fails carries the end of Postgres's own log", async () => {
    const dataDir = await bench.folder();
    const settings = { shared_buffers: '1 parsec' };
    await expect(bench.start(dataDir, { settings })).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: expect.stringMatching(/exit code 1[^]*invalid value for parameter "shared_buffers"/),
    });
    await rm(join(dataDir, 'postgres.log'));
    await (await bench.start(dataDir)).stop(10_000);
  });
});
