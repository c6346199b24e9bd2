import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SchemaReference } from '#libs/formats/schema';
import type { RequestedReference } from '../src/registry.ts';
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

const holder = (name: string, ...types: string[]) =>
  JSON.stringify({ type: 'record', name, fields: types.map((type, i) => ({ name: `f${i}`, type })) });
const read = { deleted: false, format: '', referenceFormat: '', findTags: [] };

describe('references', () => {
  test('-1 is stored as the number of the latest version', async () => {
    await its.register(`${subject}-t`, record('T', 'x'));
    await its.register(`${subject}-t`, record('T', 'x', 'y?'));
    const made = await its.register(subject, holder('U', 'T'), {
      references: [{ name: 'T', subject: `${subject}-t`, version: -1 }],
    });
    expect(made.references).toEqual([{ name: 'T', subject: `${subject}-t`, version: 2 }]);
  });

  test('lead over several levels, and the first of a name wins', async () => {
    await its.register(`${subject}-a`, record('A', 'x'));
    await its.register(`${subject}-a`, record('A', 'x', 'y?'));
    await its.register(`${subject}-b`, holder('B', 'A'), {
      references: [{ name: 'A', subject: `${subject}-a`, version: 1 }],
    });
    const both: SchemaReference[] = [
      { name: 'B', subject: `${subject}-b`, version: 1 },
      { name: 'A', subject: `${subject}-a`, version: 2 },
    ];
    expect(await its.register(subject, holder('C', 'B', 'A'), { references: both })).toMatchObject({ version: 1 });
    const strict = its.another({ limits: { strictVersions: true } });
    expect(
      (
        await refusal(
          strict.register(
            `${subject}-2`,
            { schema: holder('C', 'B', 'A'), references: both },
            { normalize: false, format: '', force: false },
            BY,
          ),
        )
      ).code,
    ).toBe(42_201);
  });

  test('need all three parts and a target that is there and live, else 42201', async () => {
    const register = (reference: RequestedReference) =>
      its.register(subject, holder('U', 'T'), { references: [reference] });
    expect((await refusal(register({ name: 'T', subject: 'x' }))).code).toBe(42_201);
    expect(await refusal(register({ name: 'T', subject: 'nowhere', version: 3 }))).toEqual({
      code: 42_201,
      message: 'No schema reference found for subject "nowhere" and version 3',
    });
    expect((await refusal(register({ name: 'T', subject: 'nowhere', version: -1 }))).code).toBe(42_201);
    await its.register(`${subject}-t`, record('T', 'x'));
    await its.registry.deleteSubject(`${subject}-t`, { permanent: false }, BY);
    expect(await refusal(register({ name: 'T', subject: `${subject}-t`, version: 1 }))).toEqual({
      code: 42_201,
      message: `No schema reference found for subject "${subject}-t" and version 1`,
    });
  });

  test('are of the context of who refers, and printed with it when asked', async () => {
    const context = `.r${randomUUID().slice(0, 6)}`;
    await its.register(`:${context}:t`, record('T', 'x'));
    await its.register('t-default', record('T', 'other'));
    const name = `:${context}:${subject}`;
    await its.register(name, holder('U', 'T'), { references: [{ name: 'T', subject: 't', version: 1 }] });
    expect((await its.registry.getVersion(name, 1, read)).references).toEqual([
      { name: 'T', subject: 't', version: 1 },
    ]);
    expect((await its.registry.getVersion(name, 1, { ...read, referenceFormat: 'qualified' })).references).toEqual([
      { name: 'T', subject: `:${context}:t`, version: 1 },
    ]);
    expect((await refusal(its.registry.deleteSubject(`:${context}:t`, { permanent: false }, BY))).code).toBe(42_206);
  });

  test('the references are a part of the identity, and normalize sorts them and drops repeats', async () => {
    await its.register(`${subject}-t`, record('T', 'x'));
    await its.register(`${subject}-s`, record('S', 'x'));
    const t = { name: 'T', subject: `${subject}-t`, version: 1 };
    const s = { name: 'S', subject: `${subject}-s`, version: 1 };
    const options = { normalize: true, format: '', force: false };
    const made = await its.registry.register(
      subject,
      { schema: holder('U', 'T', 'S'), references: [t, s, t] },
      options,
      BY,
    );
    expect(made.references).toEqual([s, t]);
    const plain = await its.register(`${subject}-2`, holder('U', 'T', 'S'), { references: [t, s] });
    expect(plain.references).toEqual([t, s]);
    expect(plain.id).not.toBe(made.id);
  });

  test('stop at a bound of schemas, with 42201', async () => {
    const small = its.another({ limits: { schemasMax: 1 } });
    await its.register(`${subject}-a`, record('A', 'x'));
    await its.register(`${subject}-b`, holder('B', 'A'), {
      references: [{ name: 'A', subject: `${subject}-a`, version: 1 }],
    });
    const references = [{ name: 'B', subject: `${subject}-b`, version: 1 }];
    expect(
      (
        await refusal(
          small.register(
            subject,
            { schema: holder('C', 'B'), references },
            { normalize: false, format: '', force: false },
            BY,
          ),
        )
      ).code,
    ).toBe(42_201);
  });
});
