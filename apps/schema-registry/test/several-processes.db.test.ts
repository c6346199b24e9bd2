import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { startTestRegistry, type TestRegistry } from './running-registry.ts';

let registry: TestRegistry;
let other: Pick<TestRegistry, 'url' | 'ask'>;
beforeAll(async () => {
  registry = await startTestRegistry();
  other = await registry.another();
});
afterAll(() => registry.stop());

const schema = (name: string) => ({ schema: `{"type":"record","name":"${name}","fields":[]}` });
const idOf = (reply: { body: unknown }) => (reply.body as { id: number }).id;

test('what one registers the other answers at once, under the same id', async () => {
  const id = idOf(await registry.ask('POST /subjects/shared/versions', schema('Shared')));
  expect(idOf(await other.ask('POST /subjects/shared/versions', schema('Shared')))).toBe(id);
  expect((await other.ask(`GET /schemas/ids/${id}`)).status).toBe(200);
});

test('what one deletes for good the other forgets within a moment, and its own answers forget at once', async () => {
  const id = idOf(await registry.ask('POST /subjects/gone/versions', schema('Gone')));
  for (const each of [registry, other, registry, other]) {
    expect((await each.ask(`GET /schemas/ids/${id}`)).status).toBe(200);
  }
  await registry.ask('DELETE /subjects/gone');
  await registry.ask('DELETE /subjects/gone?permanent=true');
  expect((await registry.ask(`GET /schemas/ids/${id}`)).body).toMatchObject({ error_code: 40403 });
  await eventually(async () => {
    expect((await other.ask(`GET /schemas/ids/${id}`)).body).toMatchObject({ error_code: 40403 });
  }, 5_000);
});

test('a soft delete shows in answers that were kept', async () => {
  const id = idOf(await registry.ask('POST /subjects/soft/versions', schema('Soft')));
  expect((await registry.ask(`GET /schemas/ids/${id}`)).body).toMatchObject({ deleted: false });
  expect((await registry.ask(`GET /schemas/ids/${id}`)).body).toMatchObject({ deleted: false });
  await registry.ask('DELETE /subjects/soft');
  const deleted = await registry.ask(`GET /schemas/ids/${id}`);
  expect(deleted.body).toMatchObject({ deleted: true });
  expect(deleted.headers.get('cache-control')).toBe('private, no-cache');
  await registry.ask('POST /subjects/soft/versions', schema('Soft'));
  expect((await registry.ask(`GET /schemas/ids/${id}`)).body).toMatchObject({ deleted: false });
});

test('registrations of the same and of different schemas at both: one id per schema, no gap in the versions', async () => {
  await registry.ask('PUT /config/busy', { compatibility: 'NONE' });
  const names = Array.from({ length: 24 }, (_, index) => `Busy${index % 8}`);
  const replies = await Promise.all(
    names.map((name, index) => (index % 2 === 0 ? registry : other).ask('POST /subjects/busy/versions', schema(name))),
  );
  const ids = new Map<string, Set<number>>();
  for (const [index, reply] of replies.entries()) {
    expect(reply.status).toBe(200);
    const name = names[index]!;
    ids.set(name, (ids.get(name) ?? new Set()).add(idOf(reply)));
  }
  expect([...ids.values()].every((each) => each.size === 1)).toBe(true);
  expect((await other.ask('GET /subjects/busy/versions')).body).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
