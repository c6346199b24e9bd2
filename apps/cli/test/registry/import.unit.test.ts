import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RegistryVersion } from '../../src/registry/reading/registry-snapshot.ts';
import { run } from '../../src/run.ts';
import { RecordingTerminal } from '../recording-terminal.ts';
import { MemoryRegistry, Refusal } from './memory-registry.ts';

let source: MemoryRegistry;
let target: MemoryRegistry;
const started: MemoryRegistry[] = [];

async function start(registry: MemoryRegistry): Promise<string> {
  started.push(registry);
  return registry.start();
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((registry) => registry.stop()));
});
beforeEach(() => {
  source = new MemoryRegistry();
  target = new MemoryRegistry();
  fill(source);
});

/** Two contexts, references across subjects and contexts, gaps, soft-deleted versions with and without referrers. */
function fill(registry: MemoryRegistry): void {
  registry.add({
    subject: 'money',
    version: 2,
    id: 7,
    schemaType: 'PROTOBUF',
    schema: 'message Money {}',
    deleted: true,
  });
  registry.add({ subject: 'money', version: 5, id: 9, schemaType: 'PROTOBUF', schema: 'message Money2 {}' });
  registry.add({ subject: 'a-order', version: 1, id: 11, references: [{ name: 'm', subject: 'money', version: 5 }] });
  registry.add({
    subject: 'a-order',
    version: 3,
    id: 12,
    deleted: true,
    references: [{ name: 'm', subject: 'money', version: 2 }],
    metadata: { properties: { owner: 'sales' } },
  });
  registry.add({ subject: ':.eu:order', version: 1, id: 1, references: [{ name: 'm', subject: 'money', version: 1 }] });
  registry.add({ subject: ':.eu:money', version: 1, id: 4 });
  registry.configs.set('a-order', { compatibilityLevel: 'FULL', normalize: true });
  registry.configs.set(':.eu:', { compatibilityLevel: 'NONE' });
  registry.modes.set('money', 'READONLY');
}

const sorted = (versions: readonly RegistryVersion[]): RegistryVersion[] =>
  [...versions].sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.version - b.version));

const asBefore8 = (version: RegistryVersion): object => ({ ...version, guid: undefined, ts: undefined });

async function copy(args: readonly string[] = [], terminal = new RecordingTerminal()) {
  const urls = [await urlOf(source), await urlOf(target)];
  const code = await run(['registry', 'import', '--from', urls[0]!, '--url', urls[1]!, ...args], terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}
const urls = new WeakMap<MemoryRegistry, string>();
async function urlOf(registry: MemoryRegistry): Promise<string> {
  const url = urls.get(registry) ?? (await start(registry));
  urls.set(registry, url);
  return url;
}

describe('copying a registry', () => {
  test('keeps ids, versions, guids, times, deletions, references, config and modes, and says the checksum of both', async () => {
    const { code, out, err } = await copy();
    expect([code, err]).toEqual([0, '']);
    expect(sorted(target.versions)).toEqual(sorted(source.versions));
    expect(target.configs).toEqual(source.configs);
    expect(target.modes).toEqual(source.modes);
    expect(out).toContain('copied 6 versions, 2 soft deletions, 3 settings');
    expect(out).toMatch(/read back 6 ids and 6 guids from both: 0 differences\nchecksum of both: sha256 [0-9a-f]{64}$/);
  });

  test('a second time changes nothing and says so', async () => {
    await copy();
    target.requests.length = 0;
    const { code, out } = await copy();
    expect([code, target.writes()]).toEqual([0, []]);
    expect(out).toContain('nothing to copy: all of it is here already');
  });

  test('brings over the times that an earlier copy did not keep, deletions included', async () => {
    await copy();
    for (const [index, version] of target.versions.entries()) target.versions[index] = { ...version, ts: 1 };
    const { code, err } = await copy();
    expect([code, err]).toEqual([0, '']);
    expect(sorted(target.versions)).toEqual(sorted(source.versions));
  });

  test('a dry run changes nothing', async () => {
    const { code, out } = await copy(['--dry-run']);
    expect([code, target.writes(), target.versions]).toEqual([0, [], []]);
    expect(out).toContain('would copy 6 versions, 2 soft deletions, 3 settings; nothing was changed');
  });

  test.each([
    ['lists subjects only', { lists: false }],
    ['is older than 8.0', { old: true }],
    ['is both', { old: true, lists: false }],
  ])('works from a registry that %s', async (_name, options) => {
    source = new MemoryRegistry(options);
    fill(source);
    const { code, err } = await copy();
    expect([code, err]).toEqual([0, '']);
    expect(sorted(target.versions).map(asBefore8)).toEqual(sorted(source.versions).map(asBefore8));
  });

  test('of one context leaves the others alone', async () => {
    const { code, out } = await copy(['--context', 'eu']);
    expect([code, new Set(target.versions.map(({ subject }) => subject))]).toEqual([
      0,
      new Set([':.eu:order', ':.eu:money']),
    ]);
    expect(out).toContain('2 versions of 2 subjects in 1 contexts');
    expect(await copy(['--context', 'us'])).toMatchObject({ code: 1, err: expect.stringContaining('no context .us') });
  });

  test('of more than a page of schemas is complete', async () => {
    for (let id = 100; id < 1_350; id++) source.add({ subject: `s${id % 50}`, version: id, id });
    const { code } = await copy(['--concurrency', '16']);
    expect([code, target.versions.length]).toEqual([0, source.versions.length]);
  });

  test('what changed in the source since is brought over, soft-deleted or live again', async () => {
    await copy();
    const [gone, back] = [source.versions[2]!, source.versions[0]!];
    source.versions[2] = { ...gone, deleted: true };
    source.versions[0] = { ...back, deleted: false };
    source.versions[3] = { ...source.versions[3]!, deleted: false };
    source.add({ subject: 'money', version: 6, id: 20 });
    const { code, err } = await copy();
    expect([code, err]).toEqual([0, '']);
    expect(sorted(target.versions)).toEqual(sorted(source.versions));
    expect(target.modes).toEqual(source.modes);
  });
});

describe('a copy that fails or is stopped', () => {
  test('sets the mode back after Ctrl-C, and the same command goes on from there', async () => {
    const terminal = new RecordingTerminal();
    target.fault = ({ method, path }) => {
      if (method === 'POST' && path.includes('a-order')) terminal.interruption.abort();
      return undefined;
    };
    const stopped = await copy(['--concurrency', '1'], terminal);
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(/stopped while registering, after \d of 6; the same command goes on from there/);
    expect([...target.modes]).toEqual([['', 'READWRITE']]);
    expect(target.versions.length).toBeLessThan(6);
    target.fault = () => undefined;
    expect(await copy()).toMatchObject({ code: 0, err: '' });
    expect(sorted(target.versions)).toEqual(sorted(source.versions));
  });

  test('a run that was killed left the registry in IMPORT mode: the next one sets it right', async () => {
    target.modes.set('', 'IMPORT').set(':.eu:', 'IMPORT');
    expect(await copy()).toMatchObject({ code: 0, err: '' });
    expect(target.modes).toEqual(source.modes);
  });

  test('failures that pass are tried again', async () => {
    const failed = new Set<string>();
    const flaky = ({ method, path }: { method: string; path: string }) => {
      const key = `${method} ${path}`;
      if (failed.has(key)) return undefined;
      failed.add(key);
      return new Refusal(50_001, 'Error in the backend data store');
    };
    source.versions.splice(3);
    source.fault = flaky;
    target.fault = flaky;
    expect(await copy(['--concurrency', '32'])).toMatchObject({ code: 0, err: '' });
  });

  test('a registration that is refused ends it with the reason, and the mode is set back', async () => {
    target.fault = ({ method, path }) =>
      method === 'POST' && path.includes('order') ? new Refusal(42_201, 'Invalid schema of type AVRO') : undefined;
    const { code, err } = await copy();
    expect(code).toBe(1);
    expect(err).toMatch(/error: 42201: Invalid schema of type AVRO \(422 from http:.*\/subjects\/.*order\/versions\)/);
    expect([...target.modes]).toEqual([['', 'READWRITE']]);
  });

  test('a mode that cannot be set back is said, with how to do it by hand', async () => {
    let puts = 0;
    target.fault = ({ method, path }) => {
      if (method === 'POST') return new Refusal(42_201, 'no');
      return method === 'PUT' && path === '/mode' && (puts += 1) > 1 ? new Refusal(40_301, 'not you') : undefined;
    };
    const { code, err } = await copy();
    expect(code).toBe(1);
    expect(err).toContain(
      'the mode of the registry could not be set back\n  Do it by hand: tidemark registry mode --set READWRITE',
    );
    expect(err).toContain('42201: no');
  });

  test('a source without what its schemas refer to is refused, with the names, before anything changes', async () => {
    source.versions.splice(1, 1);
    const { code, err } = await copy();
    expect([code, target.writes()]).toEqual([1, []]);
    expect(err).toContain('a-order version 1 refers to money version 5 (as m), which the source does not show');
  });

  test('a circle of references is refused, with the names', async () => {
    source.add({ subject: 'x', version: 1, id: 50, references: [{ name: 'y', subject: 'y', version: 1 }] });
    source.add({ subject: 'y', version: 1, id: 51, references: [{ name: 'x', subject: 'x', version: 1 }] });
    const { code, err } = await copy();
    expect([code, target.writes()]).toEqual([1, []]);
    expect(err).toContain('these refer to one another in a circle: x version 1, y version 1');
  });

  test('an id, a version or a subject that this registry has given away itself is refused', async () => {
    target.add({ subject: 'money', version: 5, id: 3 });
    target.add({ subject: 'own', version: 1, id: 12 });
    const clash = await copy();
    expect([clash.code, target.writes()]).toEqual([1, []]);
    expect(clash.err).toContain('money version 5 is another one here: id 9 there, 3 here');
    expect(clash.err).toContain('id 12 is a-order version 3 there and own version 1 here');
    target.versions.splice(0);
    target.add({ subject: 'own', version: 1, id: 90 });
    const foreign = await copy();
    expect([foreign.code, target.writes()]).toEqual([1, []]);
    expect(foreign.err).toContain('1 subjects that the source does not have (own)');
    expect(await copy(['--merge'])).toMatchObject({ code: 0 });
    expect(target.versions).toHaveLength(7);
  });

  test('a copy that reads back differently is listed, and fails', async () => {
    await copy();
    target.versions[1] = { ...target.versions[1]!, metadata: { properties: { owner: 'nobody' } } };
    const spoiled = target.versions[1].subject;
    expect(await copy()).toMatchObject({ code: 1, err: expect.stringContaining(`${spoiled} version`) });
  });

  test.each([
    ['has no schema registry', () => new Refusal(404, 'nothing here'), 'error: 404: nothing here'],
    ['does not let us in', () => new Refusal(40_101, 'who are you'), '--from-user name:password'],
  ])('an address that %s is said so', async (_name, fault, message) => {
    source.fault = fault;
    const { code, err } = await copy();
    expect([code, target.writes()]).toEqual([1, []]);
    expect(err).toContain(message);
  });

  test('a source that is not there is another exit code', async () => {
    const terminal = new RecordingTerminal();
    const args = ['registry', 'import', '--from', 'http://127.0.0.1:9', '--url', await urlOf(target)];
    expect(await run(args, terminal)).toBe(3);
    expect(terminal.err.join('\n')).toContain('cannot reach http://127.0.0.1:9');
  });
});
