import { describe, expect, test } from '@jest/globals';
import { clusterState } from '../src/embedded/cluster-folder.ts';
import { portsToTry } from '../src/embedded/port-choice.ts';
import { parsePostmasterFile, withPostmasterPid } from '../src/embedded/postmaster-file.ts';
import { isAlive, identityOf, isSameProcess, parseProcStat } from '../src/embedded/process-identity.ts';
import { privilegesToTry } from '../src/embedded/server-privileges.ts';
import { serverArguments } from '../src/embedded/server-settings.ts';
import { findUser } from '../src/embedded/server-user.ts';
import { failureKind } from '../src/embedded/start-server.ts';

describe('postmaster.pid', () => {
  const READY = '6297\n/srv/data\n1795248406\n54777\n\nlocalhost\n  9980980         9\nready   \n';

  test('is read whole, and in every stage of being written', () => {
    expect(parsePostmasterFile(READY)).toEqual({
      pid: 6297,
      dataDirectory: '/srv/data',
      port: 54_777,
      status: 'ready',
    });
    expect(parsePostmasterFile('6297\n/srv/data\n')).toEqual({
      pid: 6297,
      dataDirectory: '/srv/data',
      port: undefined,
      status: undefined,
    });
    expect(parsePostmasterFile('-12\n/srv/data\n')?.pid).toBe(12);
    for (const text of ['', '\n', 'x\n/srv/data', '0\n']) expect(parsePostmasterFile(text)).toBeUndefined();
  });

  test('can name another process and keeps everything else', () => {
    expect(withPostmasterPid(READY, 17)).toBe(READY.replace('6297', '17'));
  });
});

describe('ports', () => {
  const none = new Set<number>();

  test.each([
    [{ asked: 6000, remembered: 7000, refused: none }, [6000]],
    [{ asked: 6000, remembered: 7000, refused: new Set([6000]) }, []],
    [{ asked: undefined, remembered: undefined, refused: none }, [54_329, 0]],
    [{ asked: undefined, remembered: 7000, refused: none }, [7000, 54_329, 0]],
    [{ asked: undefined, remembered: 54_329, refused: none }, [54_329, 0]],
    [{ asked: undefined, remembered: 7000, refused: new Set([7000, 54_329]) }, [0]],
  ])('%j', (wish, ports) => {
    expect(portsToTry(wish)).toEqual(ports);
  });
});

describe('who and how', () => {
  const PASSWD =
    'root:x:0:0::/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n';

  test('the first known user that is not root', () => {
    expect(findUser(PASSWD, ['postgres', 'nobody'])).toEqual({ uid: 101, gid: 104 });
    expect(findUser(PASSWD, ['pg', 'nobody'])).toEqual({ uid: 4_294_967_294, gid: 4_294_967_294 });
    expect(findUser(PASSWD, ['root', 'pg'])).toBeUndefined();
  });

  test('ordinary users change nothing; root gives away as little as possible', () => {
    const user = { uid: 101, gid: 104 };
    expect(privilegesToTry(false, user)).toEqual([{ prefix: [] }]);
    const [plain, ...withCapabilities] = privilegesToTry(true, user);
    expect(plain).toEqual({ prefix: [], ...user });
    expect(withCapabilities.map(({ prefix }) => prefix.find((word) => word.startsWith('--bounding')))).toEqual([
      '--bounding-set=-all,+dac_read_search',
      '--bounding-set=-all,+dac_override',
    ]);
  });

  test('settings of the caller win over defaults, never over what keeps the server private', () => {
    const settings = { max_connections: 7, listen_addresses: '*', port: 1, logging_collector: 'on' };
    const args = serverArguments('/srv/data', 6000, settings).join(' ');
    expect(args).toMatch(/^-D \/srv\/data /);
    for (const part of [
      'max_connections=7',
      'listen_addresses=127.0.0.1',
      'port=6000',
      'logging_collector=off',
      'shared_buffers=256MB',
    ]) {
      expect(args).toContain(`-c ${part}`);
    }
    expect(args).not.toContain('listen_addresses=*');
  });
});

test('the state of a cluster folder', () => {
  expect(clusterState(undefined, undefined, false, '18')).toBe('absent');
  expect(clusterState([], undefined, false, '18')).toBe('unfinished');
  expect(clusterState(['base'], undefined, true, '18')).toBe('damaged');
  expect(clusterState(['PG_VERSION'], '18\n', false, '18')).toBe('damaged');
  expect(clusterState(['PG_VERSION'], '18\n', true, '18')).toBe('complete');
  expect(clusterState(['PG_VERSION'], '17\n', true, '18')).toBe('other-version');
});

test('which failures of a start may pass', () => {
  const bind =
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nHINT:  Is another postmaster already running on port 1?';
  expect(failureKind(bind)).toBe('port-taken');
  expect(failureKind('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe('old-processes');
  expect(failureKind('FATAL:  could not bind IPv4 address "127.0.0.1": Permission denied')).toBe('other');
});

describe('processes', () => {
  test('state and start time are found behind a command with spaces and parentheses', () => {
    const after = Array.from({ length: 20 }, (_, i) => String(i + 100));
    expect(parseProcStat(`12 (a) b (c) S ${after.slice(1).join(' ')} 7`)).toEqual({ state: 'S', started: '119' });
    expect(parseProcStat('')).toBeUndefined();
  });

  test('a pid that was given to another process is not the same process', async () => {
    const self = await identityOf(process.pid);
    expect(self?.pid).toBe(process.pid);
    expect(await isAlive(self ?? { pid: 0, started: '' })).toBe(true);
    expect(isSameProcess(self, { pid: process.pid, started: '1' })).toBe(self?.started === '');
    expect(isSameProcess({ pid: 5, started: '' }, { pid: 5, started: '9' })).toBe(true);
    expect(isSameProcess(undefined, { pid: 5, started: '9' })).toBe(false);
  });
});
