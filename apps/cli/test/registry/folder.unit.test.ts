import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exportFiles } from '../../src/registry/folder/export-files.ts';
import { fileNameOf, subjectOf } from '../../src/registry/folder/file-name.ts';
import { parseFolder } from '../../src/registry/folder/parse-folder.ts';
import { readFolder } from '../../src/registry/folder/read-folder.ts';
import { writeFolder } from '../../src/registry/folder/write-folder.ts';
import type { RegistrySnapshot, RegistryVersion } from '../../src/registry/reading/registry-snapshot.ts';

function version(given: Partial<RegistryVersion> & { subject: string; version: number }): RegistryVersion {
  return {
    id: given.version,
    guid: undefined,
    ts: undefined,
    schemaType: 'AVRO',
    references: [],
    metadata: null,
    ruleSet: null,
    schema: '{"type":"record","name":"R","fields":[]}',
    deleted: false,
    ...given,
  };
}
const snapshot = (...versions: RegistryVersion[]): RegistrySnapshot => ({
  contexts: ['.', '.eu'],
  versions,
  settings: [
    { place: '', config: { compatibilityLevel: 'FULL', alias: 'x' }, mode: 'READWRITE' },
    { place: 'a', config: { normalize: true }, mode: undefined },
  ],
});
const texts = (snap: RegistrySnapshot, versions: 'all' | 'latest') =>
  Object.fromEntries(exportFiles(snap, { versions }).map(({ path, text }) => [path, text]));

describe('names of files', () => {
  test('say the subject, or are told apart by a hash; never hidden, reserved or too long', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.constantFrom('registry', 'Contexts', '.x', 'a.subject', '', 'a b/c'),
        ),
        (subject) => {
          const name = fileNameOf(subject);
          expect(name).toMatch(/^[A-Za-z0-9_%~-][A-Za-z0-9._%~-]{0,199}$/);
          expect(['registry', 'contexts']).not.toContain(name.toLowerCase());
          expect(name.endsWith('.subject')).toBe(false);
          // A lone surrogate has no UTF-8 form, so that only the sidecar can say it.
          if (!name.includes('~') && Buffer.from(subject).toString() === subject) expect(subjectOf(name)).toBe(subject);
        },
      ),
    );
    expect(fileNameOf('Orders', new Set(['orders']))).toMatch(/^Orders~[0-9a-f]{12}$/);
    expect([fileNameOf('orders-value'), fileNameOf('a/ü')]).toEqual(['orders-value', 'a%2F%C3%BC']);
    expect(subjectOf('%zz')).toBeUndefined();
  });
});

describe('an export', () => {
  const versions = [
    version({ subject: 'a', version: 1, deleted: true }),
    version({
      subject: 'a',
      version: 2,
      schema: '{"type":"enum","name":"E","symbols":["A","B"],"x":[{"10":1.0,"9":[]}]}',
    }),
    version({
      subject: 'b',
      version: 1,
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3";\n',
      references: [{ name: 'a', subject: 'a', version: 1 }],
    }),
    version({
      subject: ':.eu:c',
      version: 4,
      schemaType: 'JSON',
      schema: '{"type":"object"}',
      metadata: { b: 1, a: 2 },
    }),
  ];

  test('of all versions has a file for each, indented without changing members or numbers', () => {
    const files = texts(snapshot(...versions), 'all');
    expect(Object.keys(files)).toEqual([
      'a/1.avsc',
      'a/2.avsc',
      'a/subject.json',
      'b/1.proto',
      'b/subject.json',
      'contexts/eu/c/4.json',
      'contexts/eu/c/subject.json',
      'contexts/eu/registry.json',
      'registry.json',
    ]);
    expect(files['a/2.avsc']).toBe(
      '{\n  "type": "enum",\n  "name": "E",\n  "symbols": ["A", "B"],\n  "x": [\n    {\n      "10": 1.0,\n      "9": []\n    }\n  ]\n}\n',
    );
    expect(JSON.parse(files['a/subject.json']!)).toEqual({
      config: { normalize: true },
      versions: [
        { version: 1, id: 1, deleted: true },
        { version: 2, id: 2 },
      ],
    });
    expect(files['registry.json']).toBe(
      '{\n  "layout": 1,\n  "config": {\n    "alias": "x",\n    "compatibilityLevel": "FULL"\n  },\n  "mode": "READWRITE"\n}\n',
    );
  });

  test('of the latest has flat files, and the older versions that others refer to', () => {
    const files = texts(snapshot(...versions), 'latest');
    expect(Object.keys(files)).toEqual([
      'a/1.avsc',
      'a/2.avsc',
      'a/subject.json',
      'b.proto',
      'b.subject.json',
      'contexts/eu/c.json',
      'contexts/eu/c.subject.json',
      'contexts/eu/registry.json',
      'registry.json',
    ]);
    expect(files['contexts/eu/c.subject.json']).toBe(
      '{\n  "version": 4,\n  "metadata": {\n    "a": 2,\n    "b": 1\n  }\n}\n',
    );
  });

  test('gives the same bytes whatever the order of the answers', () => {
    const { contexts, settings } = snapshot();
    fc.assert(
      fc.property(fc.shuffledSubarray(versions, { minLength: versions.length }), (mixed) => {
        const sorted = [...mixed].sort((x, y) =>
          x.subject < y.subject ? -1 : x.subject > y.subject ? 1 : x.version - y.version,
        );
        expect(texts({ contexts, settings, versions: sorted }, 'all')).toEqual(texts(snapshot(...versions), 'all'));
      }),
    );
  });

  test('is read back as it was, without what is deleted', () => {
    for (const which of ['all', 'latest'] as const) {
      const { schemas, configs, problems } = parseFolder(exportFiles(snapshot(...versions), { versions: which }), '.');
      expect(problems).toEqual([]);
      expect(schemas.map(({ subject, version: number }) => `${subject} ${number}`).sort()).toEqual([
        ':.eu:c 4',
        'a 2',
        'b 1',
      ]);
      expect(schemas.find(({ subject }) => subject === 'b')?.references).toEqual([
        { name: 'a', subject: 'a', version: 1 },
      ]);
      expect(configs).toEqual([
        { place: 'a', config: { normalize: true } },
        { place: '', config: { alias: 'x', compatibilityLevel: 'FULL' } },
      ]);
    }
  });
});

describe('a folder that people write', () => {
  const folder = (files: Readonly<Record<string, string | undefined>>, context = '.') =>
    parseFolder(
      Object.entries(files).map(([path, text = '']) => ({ path, text })),
      context,
    );

  test('has schemas by the names of their subjects, with what is to be said beside them', () => {
    const { schemas, configs, problems } = folder(
      {
        'orders-value.avsc': '"string"',
        'orders-value.subject.json':
          '{"references":[{"name":"m","subject":"money"}],"config":{"compatibility":"NONE"}}',
        'money.proto': 'syntax = "proto3";',
        'contexts/eu/x%2Fy.json': '{}',
      },
      '.us',
    );
    expect([problems, configs]).toEqual([[], [{ place: ':.us:orders-value', config: { compatibility: 'NONE' } }]]);
    expect(schemas).toMatchObject([
      {
        subject: ':.us:orders-value',
        schemaType: 'AVRO',
        version: undefined,
        references: [{ name: 'm', subject: 'money', version: 'latest' }],
      },
      { subject: ':.us:money', schemaType: 'PROTOBUF' },
      { subject: ':.eu:x/y', schemaType: 'JSON' },
    ]);
  });

  test.each([
    [{ 'a.avsc': ' ' }, 'a.avsc is empty'],
    [{ 'a.avsc': '1', 'a.subject.json': '{"refs":[]}' }, 'a.subject.json: the document: Unrecognized key: "refs"'],
    [{ 'a.avsc': '1', 'a.subject.json': '{' }, 'a.subject.json: '],
    [{ 'a.subject.json': '{}' }, 'there is no a.avsc, .json or .proto beside it'],
    [{ 'a.avsc': '1', 'a.proto': '2' }, 'a is in a.avsc already'],
    [{ 'deep/er/a.avsc': '1' }, 'schemas are at the top of the folder'],
    [{ 'a/subject.json': '{"versions":[{"version":3}]}' }, 'a/3.avsc is missing, which a/subject.json lists'],
    [{ 'a~0123.avsc': '1' }, 'the name does not say the subject'],
  ])('%j is refused with the file and the reason', (files, message) => {
    const { problems } = folder(files);
    expect(problems).toEqual([expect.stringContaining(message)]);
  });
});

describe('writing a folder', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'tidemark-folder-'));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));

  test('writes what changed, removes what is gone, and leaves everything else alone', async () => {
    await mkdir(join(path, '.git'), { recursive: true });
    await writeFile(join(path, '.git', 'x.json'), 'git');
    await writeFile(join(path, 'README.md'), 'mine');
    const first = exportFiles(snapshot(version({ subject: 'a', version: 1 }), version({ subject: 'b', version: 1 })), {
      versions: 'all',
    });
    expect(await writeFolder(path, first)).toEqual({ written: first.length, removed: 0, unchanged: 0 });
    const second = exportFiles(snapshot(version({ subject: 'b', version: 1, schema: '"int"' })), { versions: 'all' });
    expect(await writeFolder(path, second)).toEqual({ written: 1, removed: 2, unchanged: 3 });
    expect((await readFolder(path)).map((file) => file.path)).toEqual(second.map((file) => file.path));
    expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('mine');
    expect(await readFile(join(path, '.git', 'x.json'), 'utf8')).toBe('git');
  });

  test('with files that no export wrote is refused, and stays as it is', async () => {
    await writeFile(join(path, 'package.json'), '{}');
    await expect(writeFolder(path, [{ path: 'registry.json', text: '{}' }])).rejects.toThrow(
      'files that no export wrote',
    );
    expect((await readFolder(path)).map((file) => file.path)).toEqual(['package.json']);
  });
});
