import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AssociationInfo } from '../src/registry.ts';
import { BY, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
beforeAll(async () => {
  its = await startRegistry();
  await its.register('b', record('A', 'x'));
  await its.register('b', record('A', 'x', 'y?'));
  await its.register('a-1', record('A', 'x'), {
    ruleSet: { domainRules: [{ name: 'r', mode: 'WRITE', type: 'CEL' }] },
  });
  await its.register('a-2', record('A', 'x'));
  await its.registry.deleteSubject('a-2', { permanent: false }, BY);
  await its.register(':.ctx:a-1', record('A', 'x'));
});
afterAll(() => its.stop());

const all = { offset: 0, limit: -1 };
const listed = {
  prefix: '',
  deleted: false,
  latestOnly: false,
  aliases: false,
  ruleType: '',
  resourceType: '',
  associationTypes: [] as string[],
  lifecycles: [] as string[],
  ...all,
};
const places = async (query: Partial<typeof listed>) =>
  (await its.registry.listSchemas({ ...listed, ...query })).map(({ subject, version }) => `${subject}/${version}`);

describe('listing subjects', () => {
  test('in order, of a context or of all, by prefix, by what is deleted, in part', async () => {
    const list = (prefix: string, deleted: 'exclude' | 'include' | 'only' = 'exclude', slice = all) =>
      its.registry.listSubjects({ prefix, deleted, ...slice });
    expect(await list('')).toEqual(['a-1', 'b']);
    expect(await list(':*:')).toEqual([':.ctx:a-1', 'a-1', 'b']);
    expect(await list(':.ctx:')).toEqual([':.ctx:a-1']);
    expect(await list('a')).toEqual(['a-1']);
    expect(await list(':*:a', 'include')).toEqual([':.ctx:a-1', 'a-1', 'a-2']);
    expect(await list('', 'only')).toEqual(['a-2']);
    expect(await list('', 'include', { offset: 1, limit: 1 })).toEqual(['a-2']);
    expect(await list('%')).toEqual([]);
  });

  test('never cut: 1,500 versions of one subject and 1,200 subjects are all there', async () => {
    const context = `.many${randomUUID().slice(0, 6)}`;
    await its.register(`:${context}:wide`, record('W', 'x'));
    await its.database.db.query(
      `insert into registry.subject_version (context_id, subject, version, schema_id, registered_by)
       select c.id, 'wide', n, 1, 'test' from registry.context c, generate_series(2, 1500) n where c.name = $1
       union all
       select c.id, 'many-' || n, 1, 1, 'test' from registry.context c, generate_series(1, 1200) n where c.name = $1`,
      [context],
    );
    const versions = await its.registry.listVersions(`:${context}:wide`, {
      deleted: 'exclude',
      deletedAsNegative: false,
      ...all,
    });
    expect(versions).toHaveLength(1_500);
    expect(await its.registry.listSubjects({ prefix: `:${context}:`, deleted: 'exclude', ...all })).toHaveLength(1_201);
    expect(await its.registry.listSubjectsOfId(1, { subject: `:${context}:`, deleted: false, ...all })).toHaveLength(
      1_201,
    );
    expect(await its.registry.deleteSubject(`:${context}:wide`, { permanent: false }, BY)).toHaveLength(1_500);
    expect(await its.registry.deleteSubject(`:${context}:wide`, { permanent: true }, BY)).toHaveLength(1_500);
    expect(await places({ prefix: `:${context}:`, limit: 5_000 })).toHaveLength(1_000);
    expect(await places({ prefix: `:${context}:`, limit: 5_000, offset: 1_000 })).toHaveLength(200);
  });
});

describe('listing schemas', () => {
  test('by subject and version, latest only, deleted ones, by rule type, in part', async () => {
    expect(await places({})).toEqual(['a-1/1', 'b/1', 'b/2']);
    expect(await places({ latestOnly: true })).toEqual(['a-1/1', 'b/2']);
    expect(await places({ deleted: true })).toEqual(['a-1/1', 'a-2/1', 'b/1', 'b/2']);
    expect(await places({ ruleType: 'CEL' })).toEqual(['a-1/1']);
    expect(await places({ ruleType: 'JSONATA' })).toEqual([]);
    expect(await places({ offset: 1, limit: 1 })).toEqual(['b/1']);
    expect(await places({ prefix: ':.ctx:a' })).toEqual([':.ctx:a-1/1']);
  });

  test('shows aliases when asked', async () => {
    await its.registry.putConfig('other-name', { alias: 'b' }, BY);
    const [first] = await its.registry.listSchemas({ ...listed, prefix: 'b', aliases: true });
    expect(first!.aliases).toEqual(['other-name']);
    const byAlias = await its.registry.listSchemas({ ...listed, prefix: 'other', aliases: true, latestOnly: true });
    expect(byAlias).toEqual([expect.objectContaining({ subject: 'b', version: 2, aliases: ['other-name'] })]);
    expect(await places({ prefix: 'other' })).toEqual([]);
  });

  test('chooses the associations that are shown, not the schemas', async () => {
    const association: AssociationInfo = {
      subject: 'b',
      resourceName: 'orders',
      resourceNamespace: '-',
      resourceId: 'orders',
      resourceType: 'topic',
      associationType: 'value',
      lifecycle: 'WEAK',
      frozen: false,
    };
    const registry = its.another({
      associations: {
        hasAssociations: () => Promise.resolve(false),
        hasStrongAssociation: () => Promise.resolve(false),
        listAssociations: () => Promise.resolve(new Map([['b', [association]]])),
      },
    });
    const shown = async (query: Partial<typeof listed>) =>
      (await registry.listSchemas({ ...listed, latestOnly: true, ...query })).map(
        ({ subject, associations }) => `${subject} ${(associations ?? []).length}`,
      );
    expect(await shown({})).toEqual(['a-1 0', 'b 1']);
    expect(await shown({ lifecycles: ['WEAK'], resourceType: 'topic', associationTypes: ['value'] })).toEqual([
      'a-1 0',
      'b 1',
    ]);
    expect(await shown({ lifecycles: ['STRONG', 'WEAK'] })).toEqual(['a-1 0', 'b 1']);
    expect(await shown({ lifecycles: ['STRONG'] })).toEqual(['a-1 0', 'b 0']);
    expect(await shown({ lifecycles: ['NONE'] })).toEqual(['a-1 0', 'b 0']);
    expect(await shown({ associationTypes: ['key'], offset: 1, limit: 1 })).toEqual(['b 0']);
    expect((await registry.listSchemas({ ...listed, prefix: 'b', limit: 1 }))[0]!.associations).toEqual([association]);
  });
});

describe('what an id is used by', () => {
  test('subjects and newest versions, in a context, of a subject', async () => {
    const { id } = await its.register('b', record('A', 'x'));
    expect(await its.registry.listVersionsOfId(id, { subject: '', deleted: false, ...all })).toEqual([
      { subject: 'b', version: 1 },
    ]);
    expect(await its.registry.listSubjectsOfId(id, { subject: '', deleted: true, ...all })).toEqual(['a-2', 'b']);
    expect(await its.registry.listSubjectsOfId(1, { subject: ':.ctx:', deleted: false, ...all })).toEqual([
      ':.ctx:a-1',
    ]);
    expect(await its.registry.listSubjectsOfId(id, { subject: 'a-1', deleted: false, ...all })).toEqual([':.ctx:a-1']);
    expect(await refusal(its.registry.listSubjectsOfId(99_999, { subject: '', deleted: false, ...all }))).toEqual({
      code: 40_403,
      message: 'Schema 99999 not found',
    });
  });
});

describe('contexts', () => {
  const read = { deleted: false, format: '', referenceFormat: '', findTags: [] };

  test('names are normalised, and what has no context falls through to those that have it', async () => {
    const context = `.c${randomUUID().slice(0, 6)}`;
    const name = `only-${randomUUID()}`;
    const made = await its.register(`:${context}:${name}`, record('A', 'x'));
    expect(made.subject).toBe(`:${context}:${name}`);
    expect(await its.registry.getVersion(name, 'latest', read)).toEqual(made);
    expect(await its.registry.getById(1, { ...read, subject: name, fetchMaxId: true })).toMatchObject({
      subject: `:${context}:${name}`,
      version: 1,
      maxId: 1,
    });
    expect((await refusal(its.registry.getVersion(`:.:${name}`, 1, read))).code).toBe(40_401);
    expect((await its.register(`:.:${name}`, record('B', 'x'))).subject).toBe(name);
    expect((await its.registry.getVersion(name, 1, read)).subject).toBe(name);
  });

  test('are listed, and deleted only when empty; their ids do not begin anew', async () => {
    const context = `.d${randomUUID().slice(0, 6)}`;
    const name = `:${context}:s`;
    await its.register(name, record('A', 'x'));
    expect(await its.registry.listContexts({ prefix: '', ...all })).toEqual(expect.arrayContaining(['.', context]));
    expect(await its.registry.listContexts({ prefix: context, ...all })).toEqual([context]);
    expect(await refusal(its.registry.deleteContext(context, BY))).toEqual({
      code: 42_211,
      message: `The specified context '${context}' is not empty.`,
    });
    await its.registry.putConfig(`:${context}:`, { compatibilityLevel: 'NONE' }, BY);
    await its.registry.deleteSubject(name, { permanent: false }, BY);
    expect((await refusal(its.registry.deleteContext(context, BY))).code).toBe(42_211);
    await its.registry.deleteSubject(name, { permanent: true }, BY);
    await its.registry.deleteContext(context.slice(1), BY);
    expect(await its.registry.listContexts({ prefix: context, ...all })).toEqual([]);
    expect((await refusal(its.registry.getConfig(`:${context}:`, { defaultToGlobal: false }))).code).toBe(40_408);
    expect((await its.register(name, record('A', 'x'))).id).toBe(2);
    expect(await its.registry.listContexts({ prefix: context, ...all })).toEqual([context]);
  });

  test.each(['__GLOBAL', '__EMPTY', 'a\u0007b', ':.__GLOBAL:s', `:.${'x'.repeat(2_000)}:s`, 's'.repeat(2_000)])(
    '%j is no name for a subject: 42208',
    async (name) => {
      expect(await refusal(its.register(name, record('A', 'x')))).toEqual({
        code: 42_208,
        message: `The specified subject '${name}' is not a valid.`,
      });
    },
  );

  test.each(['', 'a b/ü', '日本', '../x', 's'.repeat(1_999)])('%j is a name for a subject', async (name) => {
    expect(await its.register(name, record('A', 'x'))).toMatchObject({ subject: name });
    expect((await its.registry.getVersion(name, 1, read)).subject).toBe(name);
  });
});
