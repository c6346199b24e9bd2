import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BY, PLAIN, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
let subject: string;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());
beforeEach(() => {
  subject = `s-${randomUUID()}`;
});

describe('registering', () => {
  test('gives an id, a version and a guid, and all three reads find it', async () => {
    const made = await its.register(subject, record('A', 'x'));
    expect(made).toMatchObject({
      subject,
      version: 1,
      schemaType: 'AVRO',
      references: [],
      metadata: null,
      deleted: false,
    });
    const read = { deleted: false, format: '', referenceFormat: '', findTags: [] };
    expect(await its.registry.getVersion(subject, 1, read)).toEqual(made);
    expect(await its.registry.getVersion(subject, 'latest', read)).toEqual(made);
    const byId = await its.registry.getById(made.id, { ...read, subject: undefined, fetchMaxId: false });
    expect(byId).toMatchObject({ id: made.id, guid: made.guid, schema: made.schema });
    expect(await its.registry.listIdsOfGuid(made.guid)).toEqual([{ context: '.', id: made.id }]);
  });

  test('the same schema again is the same id and version, under another subject the same id', async () => {
    const made = await its.register(subject, record('B', 'x'));
    expect(await its.register(subject, ` ${record('B', 'x')}`)).toEqual(made);
    expect(await its.register(`${subject}-2`, record('B', 'x'))).toMatchObject({ id: made.id, version: 1 });
    expect(await its.register(`:.other:${subject}`, record('B', 'x'))).toMatchObject({ id: 1, guid: made.guid });
  });

  test('refuses what breaks the level, with 40901, and stores nothing', async () => {
    await its.register(subject, record('C', 'x'));
    expect(await refusal(its.register(subject, record('C', 'x', 'y')))).toMatchObject({
      code: 40_901,
      message: expect.stringContaining(
        `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:"The field 'y' at path '/fields/1' in the new schema has no default value and is missing in the old schema", additionalInfo:'y'}, {oldSchemaVersion: 1}`,
      ),
    });
    expect(
      await its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: false, offset: 0, limit: -1 }),
    ).toEqual([1]);
    const forced = await its.registry.register(
      subject,
      { schema: record('C', 'x', 'y') },
      { ...PLAIN, force: true },
      BY,
    );
    expect(forced.version).toBe(2);
  });
});
