import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseCredentials, verifySecret } from '#libs/foundation/credentials';
import { VERSION } from '#libs/foundation/kernel';
import { renderCliDocs } from '../src/render-cli-docs.ts';
import { run } from '../src/run.ts';
import { RecordingTerminal } from './recording-terminal.ts';

test('docs/CLI.md is up to date (npm run docs)', () => {
  expect(readFileSync(new URL('../../../docs/CLI.md', import.meta.url), 'utf8')).toBe(renderCliDocs());
});

describe('usage', () => {
  test('the version and help are answers', async () => {
    const terminal = new RecordingTerminal();
    expect(await run(['--version'], terminal)).toBe(0);
    expect(terminal.out).toEqual([VERSION]);
    expect(await run(['groups', 'reset', '--help'], terminal)).toBe(0);
    expect(terminal.out.join('\n')).toContain('$ tidemark groups reset billing --topic orders --to earliest --dry-run');
    expect(terminal.err).toEqual([]);
  });

  test.each([
    [['topcs'], 'Did you mean topics?'],
    [['topics', 'describe'], "missing required argument 'name'"],
    [['topics', 'create', 'a', '--partitions', '0'], 'from 1 to 10000'],
    [['topics', 'create', 'a', '--retention', '7'], 'expected a duration'],
    [['topics', 'alter', 'a'], 'say what to change'],
    [['read', 'a', '--offset', '5'], '--offset needs --partition'],
    [['read', 'a', '--partition', '1', '--key', 'k'], 'cannot be used with'],
    [['read', 'a', '--since', 'soon'], 'expected how long ago'],
    [['groups', 'reset', 'g', '--topic', 't'], '--to <point>'],
    [['groups', 'delete', 'g'], 'Add --yes'],
    [['status', '--user', 'a:b', '--token', 'a.b'], 'cannot be used with'],
    [['registry', 'get'], 'say a subject or an id'],
    [['registry', 'get', 's', '--version', '0'], 'expected a version such as 3, or latest'],
    [['registry', 'import'], '--from <url>'],
    [['registry', 'import', '--from', 'old:8081'], 'old:8081 is no URL'],
    [['registry', 'subjects', '--context', 'a:b'], 'expected the name of a context'],
    [['registry', 'check', 'order.txt', '--subject', 's'], 'order.txt does not say its format'],
    [['registry', 'check', 'a.avsc', '--subject', 's', '--reference', 'x'], 'expected name=subject'],
    [['registry', 'config', 's', '--clear', '--compatibility', 'FULL'], 'cannot be used with'],
    [['registry', 'config', 's', '--set', 'normalize'], '--set expects field=value'],
    [['credentials', 'add', 'anna', '--role', 'boss'], 'Allowed choices are viewer, operator, admin'],
  ])('%j is not understood', async (args, message) => {
    const terminal = new RecordingTerminal();
    expect(await run(args, terminal)).toBe(2);
    expect(terminal.err.join('\n')).toContain(message);
    expect(terminal.out).toEqual([]);
  });

  test('a wrong setting is named, and those of services are none of our business', async () => {
    const terminal = new RecordingTerminal({ TIDEMARK_URL: 'relay:8082', TIDEMARK_RELAY_PORT: 'x' });
    expect(await run(['status'], terminal)).toBe(2);
    expect(terminal.err.join('\n')).toContain('TIDEMARK_URL: expected a URL');
    expect(terminal.err.join('\n')).not.toContain('RELAY_PORT');
  });

  test('a relay that is not there is another exit code', async () => {
    const terminal = new RecordingTerminal();
    expect(await run(['topics', '--url', 'http://127.0.0.1:1'], terminal)).toBe(3);
    expect(terminal.err.join('\n')).toContain('cannot reach http://127.0.0.1:1');
  });

  test('a database that is not there, too; an embedded one is not made by asking', async () => {
    const terminal = new RecordingTerminal({ TIDEMARK_DATA: join(tmpdir(), 'tidemark-nowhere') });
    expect(await run(['adopt', 'list', '--database-url', 'postgres://127.0.0.1:1/x'], terminal)).toBe(3);
    expect(await run(['adopt', 'list'], terminal)).toBe(1);
    expect(terminal.err.join('\n')).toContain('there is no embedded database');
  });
});

describe('credentials', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemark-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('a password is asked for twice, and stored as a hash that only the owner can read', async () => {
    const file = join(folder, 'credentials.json');
    const terminal = new RecordingTerminal({}, { answers: ['correct horse', 'correct horse'] });
    expect(await run(['credentials', 'add', 'anna', '--role', 'admin', '--file', file], terminal)).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { basic } = parseCredentials(await readFile(file, 'utf8'), file);
    expect(await verifySecret('correct horse', basic.get('anna')?.hash)).toBe(true);
    expect(await run(['credentials', 'add', 'anna', '--role', 'viewer', '--file', file], terminal)).toBe(2);
    expect(terminal.err.join('\n')).toContain('has a user named anna already');
  });

  test('a token is made and shown once', async () => {
    const file = join(folder, 'credentials.json');
    const terminal = new RecordingTerminal();
    const add = ['credentials', 'add', 'billing', '--kind', 'token', '--role', 'viewer', '--file', file, '--json'];
    expect(await run(add, terminal)).toBe(0);
    const { secret } = JSON.parse(terminal.out[0]!) as { secret: string };
    const { bearer } = parseCredentials(await readFile(file, 'utf8'), file);
    expect(secret.startsWith('billing.')).toBe(true);
    expect(await verifySecret(secret.slice('billing.'.length), bearer.get('billing')?.hash)).toBe(true);
  });

  test('passwords that differ, are short or cannot be asked for change nothing', async () => {
    const file = join(folder, 'credentials.json');
    for (const answers of [['long enough', 'other'], ['short'], []]) {
      const terminal = new RecordingTerminal({}, { answers });
      expect(await run(['credentials', 'add', 'anna', '--role', 'admin', '--file', file], terminal)).toBe(2);
    }
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
