import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type Answer, tidemark } from './harness/command-line.ts';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { fillVaried } from './harness/varied-registry.ts';

let databases: TestDatabase[];
let processes: RegistryProcess[];
let folder: string;
let filled: string;
let empty: string;

beforeAll(async () => {
  databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  processes = databases.map(({ url }) => new RegistryProcess(url));
  [filled, empty] = (await Promise.all(processes.map((process) => process.url()))) as [string, string];
  await fillVaried(new RegistryRequests(filled));
  // It came after the schemas: planning them again would add it to them.
  await cli(filled, 'config', '--context', 'eu', '--unset', 'defaultMetadata');
  folder = await mkdtemp(join(tmpdir(), 'tidemark-plan-'));
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  await Promise.all(databases.map((database) => database.drop()));
  await rm(folder, { recursive: true, force: true });
});

const cli = (url: string, ...args: string[]): Promise<Answer> =>
  tidemark({ TIDEMARK_REGISTRY_URL: url }, ['registry', ...args]);
const write = async (files: Readonly<Record<string, string>>, name: string): Promise<string> => {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  return path;
};
const record = (name: string, ...fields: object[]): string => JSON.stringify({ type: 'record', name, fields });

describe('a folder of schemas', () => {
  test.each([['all'], ['latest']])(
    'that was exported (%s versions) has nothing to change where it is from',
    async (versions) => {
      const path = join(folder, `export-${versions}`);
      expect(await cli(filled, 'export', path, '--versions', versions)).toMatchObject({ code: 0, err: '' });
      const again = await cli(filled, 'export', path, '--versions', versions);
      expect(again.out).toMatch(/: 0 files written, \d+ unchanged, 0 removed$/);
      // One of the subjects is read-only, which does not matter as long as nothing of it changes.
      const plan = await cli(filled, 'plan', path);
      expect([plan.code, plan.err]).toEqual([0, '']);
      expect(plan.out).toMatch(/^plan: 0 new subjects, 0 new versions, 0 configs, \d+ unchanged$/);
    },
  );

  test('that was exported can be applied to an empty registry, in the order of its references', async () => {
    const path = join(folder, 'export-latest');
    const plan = await cli(empty, 'plan', path);
    expect([plan.code, plan.err]).toEqual([0, '']);
    expect(plan.out).toContain('+ invoice  new subject  (invoice.proto)');
    expect(await new RegistryRequests(empty).get('/subjects?deleted=true')).toEqual([]);
    const applied = await cli(empty, 'apply', path, '--yes');
    expect([applied.code, applied.err]).toEqual([0, '']);
    expect(applied.out).toMatch(/\napplied: 8 new subjects, 0 new versions, 3 configs, 0 unchanged$/);
    const again = await cli(empty, 'apply', path, '--yes');
    expect(again.out).toMatch(/^plan: 0 new subjects, 0 new versions, 0 configs, \d+ unchanged$/);
  });

  test('that was changed by hand shows the lines, and says why a schema is refused and what would mend it', async () => {
    const field = { name: 'a', type: 'string' };
    const path = await write({ 'people.avsc': record('Person', field) }, 'people');
    expect(await cli(empty, 'apply', path, '--yes')).toMatchObject({ code: 0 });
    await write({ 'people.avsc': record('Person', field, { name: 'b', type: 'int', default: 0 }) }, 'people');
    const grown = await cli(empty, 'plan', path);
    expect([grown.code, grown.err]).toEqual([0, '']);
    expect(grown.out).toContain('~ people  new version 2: goes with version 1 (FULL)  (people.avsc)');
    expect(grown.out).toMatch(/\n {4}\+ +"name": "b",\n {4}\+ +"type": "int",/);
    await write(
      { 'people.avsc': record('Person', field, { name: 'b', type: 'int' }), 'other.avsc': '"string"' },
      'people',
    );
    const before = await new RegistryRequests(empty).contents();
    for (const command of ['plan', 'apply']) {
      const refused = await cli(empty, command, path);
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringContaining('the plan cannot be applied as it is; nothing was changed'),
      ]);
      expect(refused.out).toContain('! people  refused (40901)  (people.avsc)');
      expect(refused.out).toMatch(
        /at \/fields\/1: .*\n +breaks: consumers with the new schema cannot read data of version 1/,
      );
      expect(refused.out).toMatch(/\n +mend: +\S/);
      expect(refused.out).toContain('+ other  new subject');
    }
    expect(await new RegistryRequests(empty).contents()).toEqual(before);
  });

  test('is not applied without a yes', async () => {
    const path = await write({ 'unasked.avsc': '"string"' }, 'unasked');
    expect(await cli(empty, 'apply', path)).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    const no = await tidemark({ TIDEMARK_REGISTRY_URL: empty }, ['registry', 'apply', path], ['n']);
    expect([no.code, no.err]).toEqual([130, expect.stringContaining('nothing was changed')]);
    expect(await new RegistryRequests(empty).get<string[]>('/subjects')).not.toContain('unasked');
  });
});

describe('commands', () => {
  test('list subjects, versions and schemas', async () => {
    const subjects = await cli(filled, 'subjects', '--json');
    expect(JSON.parse(subjects.out)).toEqual([
      ':.eu:customer',
      ':.eu:invoice',
      ':.eu:money',
      ':.us:bill',
      'invoice',
      'money',
      'orders-value',
      'orders/copy ü',
    ]);
    expect((await cli(filled, 'subjects', '--context', 'us')).out).toMatch(/^SUBJECT +CONTEXT\nbill +\.us$/);
    const versions = await cli(filled, 'versions', 'orders-value', '--deleted');
    expect(versions.out).toMatch(/\n +1 .* deleted\n +2 .* live$/);
    const text = await cli(filled, 'get', 'customer', '--context', 'eu');
    expect(text.out).toBe(
      '{\n  "$id": "c",\n  "type": "object",\n  "properties": {\n    "10": {\n      "type": "number",\n      "maximum": 1.50\n    },\n    "9": {\n      "type": "string"\n    }\n  }\n}',
    );
    expect(JSON.parse((await cli(filled, 'get', '--id', '31', '--context', 'us', '--json')).out)).toMatchObject({
      schemaType: 'AVRO',
    });
    expect(await cli(filled, 'get', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining("40401: Subject 'nobody' not found."),
    });
  });

  test('check a schema and say in plain words why it does not fit', async () => {
    const path = await write({ 'order.avsc': record('Order', { name: 'c', type: 'int' }) }, 'check');
    const file = join(path, 'order.avsc');
    const refused = await cli(filled, 'check', file, '--subject', 'orders-value');
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(
        /may not follow the versions of orders-value:\n +at \/fields\/0: .*\n +breaks: .*\n +mend: /,
      ),
    ]);
    expect(await cli(filled, 'check', file, '--subject', 'somebody-new')).toMatchObject({ code: 0, err: '' });
  });

  test('show and change config and mode', async () => {
    expect((await cli(filled, 'config', 'orders-value')).out).toMatch(/compatibilityLevel +BACKWARD_TRANSITIVE +here/);
    const set = await cli(filled, 'config', 'gone', '--compatibility', 'NONE', '--set', 'normalize=true', '--json');
    expect(JSON.parse(set.out)).toMatchObject({ own: { compatibilityLevel: 'NONE', normalize: true } });
    expect((await cli(filled, 'config', 'gone', '--unset', 'normalize')).out).not.toMatch(/normalize +true/);
    expect((await cli(filled, 'config', 'gone', '--clear')).out).toMatch(/compatibilityLevel +FULL +inherited/);
    expect((await cli(filled, 'mode', 'gone', '--set', 'READONLY')).out).toBe('gone: READONLY');
    expect((await cli(filled, 'mode', 'gone', '--clear')).out).toBe('gone: READWRITE (inherited)');
    expect((await cli(filled, 'mode')).out).toBe('registry: READWRITE');
  });

  test('print the TypeScript type of a subject, or write it to a file', async () => {
    const printed = await cli(filled, 'typescript', 'orders-value');
    expect([printed.code, printed.err]).toEqual([0, '']);
    expect(printed.out).toMatch(/export (interface|type) Order/);
    const out = join(folder, 'order.ts');
    expect(await cli(filled, 'typescript', 'orders-value', '--version', '2', '--out', out)).toMatchObject({
      code: 0,
      out: '',
      err: `wrote ${out}: orders-value version 2`,
    });
    expect((await readFile(out, 'utf8')).trimEnd()).toBe(printed.out);
  });
});
