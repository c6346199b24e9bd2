import { beforeAll, expect, test } from '@jest/globals';
import { addCredential, hashSecret, type NewCredential, parseCredentials, verifySecret } from '../src/index.ts';

let hash: string;
beforeAll(async () => {
  hash = await hashSecret('secret', { cost: 1_024 });
});
const entry = (changes: Partial<NewCredential> = {}): NewCredential => ({
  kind: 'user',
  name: 'anna',
  hash,
  role: 'admin',
  ...changes,
});
const at = { path: 'credentials.json' };

test('the first entry makes the file, later ones are added, and a secret is verified by what was written', async () => {
  const first = addCredential(undefined, entry(), at);
  const second = addCredential(first, entry({ kind: 'token', name: 'orders', role: 'viewer' }), at);
  const { basic, bearer } = parseCredentials(second, 'credentials.json');
  expect([basic.get('anna')?.role, bearer.get('orders')?.role]).toEqual(['admin', 'viewer']);
  expect(await verifySecret('secret', bearer.get('orders')?.hash)).toBe(true);
  expect(await verifySecret('other', bearer.get('orders')?.hash)).toBe(false);
});

test('a name that is taken is refused, unless the entry shall be replaced in its place', () => {
  const two = addCredential(addCredential(undefined, entry(), at), entry({ name: 'bert' }), at);
  expect(() => addCredential(two, entry(), at)).toThrow('credentials.json has a user named anna already');
  const replaced = addCredential(two, entry({ role: 'viewer' }), { ...at, replace: true });
  expect([...parseCredentials(replaced, 'x').basic.values()].map(({ name, role }) => `${name} ${role}`)).toEqual([
    'anna viewer',
    'bert admin',
  ]);
  // A user and a token may have the same name.
  expect(parseCredentials(addCredential(two, entry({ kind: 'token' }), at), 'x').bearer.has('anna')).toBe(true);
});

test('a file that lists nobody yet can be added to; a wrong file or name changes nothing', () => {
  expect(addCredential('{}', entry(), at)).toContain('"anna"');
  expect(() => addCredential('{', entry(), at)).toThrow('credentials.json is not JSON');
  expect(() => addCredential('{"people":[]}', entry(), at)).toThrow('people');
  expect(() => addCredential(undefined, entry({ kind: 'token', name: 'a.b' }), at)).toThrow('tokens.0.name');
});
