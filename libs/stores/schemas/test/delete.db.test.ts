import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BY, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let subject: string;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

const read = { deleted: false, format: '', referenceFormat: '', findTags: [] };
const versions = (deleted: 'exclude' | 'include' | 'only' = 'include') =>
  its.registry.listVersions(subject, { deleted, deletedAsNegative: false, offset: 0, limit: -1 });
const deleteSubject = (permanent = false) => its.registry.deleteSubject(subject, { permanent }, BY);
const deleteVersion = (version: number | 'latest', permanent = false) =>
  its.registry.deleteVersion(subject, version, { permanent }, BY);
const byId = (id: number) => its.registry.getById(id, { ...read, subject: undefined, fetchMaxId: false });
const uniquely = (...fields: string[]) => record(`R${randomUUID().replaceAll('-', '')}`, ...fields);

describe('deleting a subject', () => {
  test('softly hides it and keeps its ids readable; permanently removes both', async () => {
    const one = await its.register(subject, uniquely('x'));
    expect(await deleteSubject()).toEqual([1]);
    expect(await refusal(its.registry.getVersion(subject, 1, read))).toEqual({
      code: 40_401,
      message: `Subject '${subject}' not found.`,
    });
    expect((await its.registry.getVersion(subject, 1, { ...read, deleted: true })).deleted).toBe(true);
    expect((await byId(one.id)).schema).toBe(one.schema);
    expect(await deleteSubject(true)).toEqual([1]);
    expect(await refusal(byId(one.id))).toEqual({ code: 40_403, message: `Schema ${one.id} not found` });
  });

  test('softly returns the live versions only, permanently all', async () => {
    const name = `R${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    await its.register(subject, record(name, 'x', 'y?'));
    await deleteVersion(1);
    expect(await deleteSubject()).toEqual([2]);
    expect(await deleteSubject(true)).toEqual([1, 2]);
  });

  test('40401 unknown, 40404 soft-deleted already, 40405 not soft-deleted yet', async () => {
    expect(await refusal(deleteSubject())).toEqual({ code: 40_401, message: `Subject '${subject}' not found.` });
    await its.register(subject, uniquely('x'));
    expect(await refusal(deleteSubject(true))).toEqual({
      code: 40_405,
      message: `Subject '${subject}' was not deleted first before being permanently deleted`,
    });
    await deleteSubject();
    expect(await refusal(deleteSubject())).toEqual({
      code: 40_404,
      message: `Subject '${subject}' was soft deleted.Set permanent=true to delete permanently`,
    });
  });

  test('numbers go on after a soft delete and begin anew after a permanent one; ids never come back', async () => {
    const one = await its.register(subject, uniquely('x'));
    await deleteSubject();
    const two = await its.register(subject, uniquely('x'));
    expect([one.version, two.version]).toEqual([1, 2]);
    await deleteSubject();
    await deleteSubject(true);
    const three = await its.register(subject, uniquely('x'));
    expect(three.version).toBe(1);
    expect(three.id).toBeGreaterThan(two.id);
  });

  test('takes its config and mode along when permanent, and keeps them when soft', async () => {
    await its.register(subject, uniquely('x'));
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    await its.registry.putMode(subject, 'READWRITE', { force: false }, BY);
    await deleteSubject();
    expect(await its.registry.getConfig(subject, { defaultToGlobal: false })).toEqual({ compatibilityLevel: 'NONE' });
    await deleteSubject(true);
    expect((await refusal(its.registry.getConfig(subject, { defaultToGlobal: false }))).code).toBe(40_408);
    expect((await refusal(its.registry.getMode(subject, { defaultToGlobal: false }))).code).toBe(40_409);
  });
});

describe('deleting a version', () => {
  test('40401, 40402, 40406, 40407 and 42202 in their words', async () => {
    expect(await refusal(deleteVersion(1))).toEqual({ code: 40_401, message: `Subject '${subject}' not found.` });
    await its.register(subject, uniquely('x'));
    expect(await refusal(deleteVersion(7))).toEqual({ code: 40_402, message: 'Version 7 not found.' });
    expect(await refusal(deleteVersion(1, true))).toEqual({
      code: 40_407,
      message: `Subject '${subject}' Version 1 was not deleted first before being permanently deleted`,
    });
    await deleteVersion(1);
    expect(await refusal(deleteVersion(1))).toEqual({
      code: 40_406,
      message: `Subject '${subject}' Version 1 was soft deleted.Set permanent=true to delete permanently`,
    });
    expect(await refusal(deleteVersion(0))).toEqual({
      code: 42_202,
      message:
        'The specified version \'0\' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"',
    });
  });

  test('latest means the newest live one', async () => {
    const name = `R${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    await its.register(subject, record(name, 'x', 'y?'));
    expect(await deleteVersion('latest')).toBe(2);
    expect(await deleteVersion(-1)).toBe(1);
    expect(await refusal(deleteVersion('latest'))).toEqual({ code: 40_402, message: 'Version -1 not found.' });
  });

  test('the config goes with the last one', async () => {
    await its.register(subject, uniquely('x'));
    await its.registry.putConfig(subject, { normalize: true }, BY);
    await deleteVersion(1);
    await deleteVersion(1, true);
    expect((await refusal(its.registry.getConfig(subject, { defaultToGlobal: false }))).code).toBe(40_408);
    expect((await refusal(versions())).code).toBe(40_401);
  });

  test('a schema that another subject uses outlives it', async () => {
    const text = uniquely('x');
    const one = await its.register(subject, text);
    await its.register(`${subject}-other`, text);
    await deleteVersion(1);
    await deleteVersion(1, true);
    expect((await byId(one.id)).schema).toBe(one.schema);
    expect(await its.registry.listSubjectsOfId(one.id, { subject: '', deleted: true, offset: 0, limit: -1 })).toEqual([
      `${subject}-other`,
    ]);
  });
});

describe('registering what was soft-deleted', () => {
  test('gives the same id under a new version and buries the old one', async () => {
    const text = uniquely('x');
    const one = await its.register(subject, text);
    await deleteVersion(1);
    const again = await its.register(subject, text);
    expect(again).toMatchObject({ id: one.id, guid: one.guid, version: 2, deleted: false });
    expect(await versions('include')).toEqual([2]);
  });

  test('keeps the old one while something refers to it', async () => {
    const name = `T${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    const user = `{"type":"record","name":"U${name}","fields":[{"name":"t","type":"${name}"}]}`;
    await its.register(`${subject}-user`, user, { references: [{ name, subject, version: 1 }] });
    await its.registry.deleteSubject(`${subject}-user`, { permanent: false }, BY);
    await deleteVersion(1);
    await its.register(subject, record(name, 'x'));
    expect(await versions('include')).toEqual([1, 2]);
  });
});

describe('reading what is partly deleted', () => {
  test('404 by what is left: 40401 without a live version, 40402 with one', async () => {
    const name = `R${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    await its.register(subject, record(name, 'x', 'y?'));
    await deleteVersion(1);
    expect(await refusal(its.registry.getVersion(subject, 1, read))).toEqual({
      code: 40_402,
      message: 'Version 1 not found.',
    });
    await deleteVersion(2);
    expect((await refusal(its.registry.getVersion(subject, 1, read))).code).toBe(40_401);
    expect(await refusal(its.registry.getVersion(subject, 'latest', { ...read, deleted: true }))).toEqual({
      code: 40_402,
      message: 'Version -1 not found.',
    });
    expect(await refusal(versions('exclude'))).toEqual({ code: 40_401, message: `Subject '${subject}' not found.` });
    expect(
      await its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: true, offset: 1, limit: 1 }),
    ).toEqual([-2]);
  });
});

describe('what refers to a version', () => {
  const refers = (name: string) => `{"type":"record","name":"Of${name}","fields":[{"name":"t","type":"${name}"}]}`;

  test('keeps it from deletion with 42206: live referrers softly, soft-deleted ones permanently', async () => {
    const name = `T${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    const user = `${subject}-user`;
    const { id } = await its.register(user, refers(name), { references: [{ name, subject, version: 1 }] });
    const message = `One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=${subject},version=1}.`;
    expect(await refusal(deleteSubject())).toEqual({ code: 42_206, message });
    expect(await refusal(deleteVersion(1))).toEqual({ code: 42_206, message });
    expect(await its.registry.listReferencedBy(subject, 1, { deleted: false, offset: 0, limit: -1 })).toEqual([id]);

    await its.registry.deleteSubject(user, { permanent: false }, BY);
    expect(await its.registry.listReferencedBy(subject, 1, { deleted: false, offset: 0, limit: -1 })).toEqual([]);
    expect(await its.registry.listReferencedBy(subject, 1, { deleted: true, offset: 0, limit: -1 })).toEqual([id]);
    expect(await deleteSubject()).toEqual([1]);
    expect(await refusal(deleteSubject(true))).toEqual({ code: 42_206, message });
    await its.registry.deleteSubject(user, { permanent: true }, BY);
    expect(await deleteSubject(true)).toEqual([1]);
  });

  test('a reference from the same subject keeps a version, but not the subject', async () => {
    const name = `T${randomUUID().slice(0, 4)}`;
    await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
    await its.register(subject, record(name, 'x'));
    await its.register(subject, refers(name), { references: [{ name, subject, version: 1 }] });
    expect((await refusal(deleteVersion(1))).code).toBe(42_206);
    expect(await deleteSubject()).toEqual([1, 2]);
    expect(await deleteSubject(true)).toEqual([1, 2]);
  });
});

describe('associations', () => {
  test('keep the subject with 40904 and its last live version with 40907', async () => {
    const associated = its.another({
      associations: {
        hasAssociations: (_tx, _context, name) => Promise.resolve(name === subject),
        hasStrongAssociation: () => Promise.resolve(false),
        listAssociations: () => Promise.resolve(new Map()),
      },
    });
    await its.register(subject, uniquely('x'));
    expect((await refusal(associated.deleteSubject(subject, { permanent: false }, BY))).code).toBe(40_904);
    expect((await refusal(associated.deleteVersion(subject, 1, { permanent: false }, BY))).code).toBe(40_907);
    expect(await versions('exclude')).toEqual([1]);
  });

  test('a STRONG one keeps new schemas from referring to the subject, with 42205', async () => {
    const strong = its.another({
      associations: {
        hasAssociations: () => Promise.resolve(true),
        hasStrongAssociation: (_tx, _context, name) => Promise.resolve(name === subject),
        listAssociations: () => Promise.resolve(new Map()),
      },
    });
    const name = `T${randomUUID().slice(0, 4)}`;
    await its.register(subject, record(name, 'x'));
    const request = { schema: refers2(name), references: [{ name, subject, version: 1 }] };
    expect(
      (await refusal(strong.register(`${subject}-user`, request, { normalize: false, format: '', force: false }, BY)))
        .code,
    ).toBe(42_205);
  });
  const refers2 = (name: string) => `{"type":"record","name":"Of${name}","fields":[{"name":"t","type":"${name}"}]}`;
});
