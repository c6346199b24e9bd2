import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BY, record, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());

const NEEDS_Y = { schema: record('R', 'x?', 'y') };

/** Whether what needs `y` in every version may follow, twice: the second answer comes from what the first one left. */
async function mayFollow(subject: string): Promise<boolean> {
  const ask = () => its.registry.checkCompatibility(subject, undefined, NEEDS_Y, { normalize: false, verbose: true });
  const [first, second] = [await ask(), await ask()];
  expect(second).toEqual(first);
  return first.compatible;
}

test('versions that are known are those of now, whoever changes them', async () => {
  const other = its.another();
  const subject = 'known';
  await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
  await its.register(subject, record('R', 'x?'));
  await its.register(subject, record('R', 'x?', 'y', 'z?'));
  await its.registry.putConfig(subject, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }, BY);
  expect(await mayFollow(subject)).toBe(false);

  await other.deleteVersion(subject, 1, { permanent: false }, BY);
  expect(await mayFollow(subject)).toBe(true);

  await other.register(subject, { schema: record('R', 'w?') }, { normalize: false, format: '', force: true }, BY);
  expect(await mayFollow(subject)).toBe(false);
});

test('imports, which come in any order, are seen', async () => {
  const other = its.another();
  const subject = 'imported';
  const imported = (version: number, schema: string) =>
    other.register(
      subject,
      { schema, id: 7_000 + version, version },
      { normalize: false, format: '', force: false },
      BY,
    );
  await its.registry.putConfig(subject, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }, BY);
  await its.registry.putMode(subject, 'IMPORT', { force: true }, BY);
  await imported(9, record('R', 'x?', 'y', 'z?'));
  expect(await mayFollow(subject)).toBe(true);
  await imported(3, record('R', 'x?'));
  expect(await mayFollow(subject)).toBe(false);
});
