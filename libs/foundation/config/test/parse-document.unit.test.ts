import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { parseDocument } from '../src/index.ts';

const inner = z
  .strictObject({ user: z.string(), passwordFile: z.string().optional() })
  .meta({ instead: { password: 'name a file with passwordFile' } });
const schema = z.strictObject({
  servers: z.record(
    z.string(),
    z.strictObject({
      port: z.number().int().max(9).default(1),
      login: inner.optional(),
      tags: z.array(inner).prefault([]),
    }),
  ),
});

test('a document that fits, with its defaults', () => {
  expect(parseDocument(schema, { servers: { a: {} } })).toEqual({ value: { servers: { a: { port: 1, tags: [] } } } });
});

test('all problems at once, each with its place, and no values', () => {
  const document = {
    server: {},
    servers: {
      a: { port: 'hunter2', login: { usr: 'hunter2', password: 'hunter2' } },
      b: { port: 10, something: 'hunter2', tags: [{ user: 'x' }, { user: 'y', passwordfile: 'hunter2' }] },
    },
  };
  const result = parseDocument(schema, document, ['file']);
  if (!('problems' in result)) throw new Error('it was accepted');
  expect([...result.problems].sort()).toEqual([
    'file.server: no such key; did you mean servers?',
    'file.servers.a.login.password: name a file with passwordFile',
    'file.servers.a.login.user: is required',
    'file.servers.a.login.usr: no such key; did you mean user?',
    'file.servers.a.port: expected number, received string',
    'file.servers.b.port: Too big: expected number to be <=9',
    'file.servers.b.something: no such key; known are port, login, tags',
    'file.servers.b.tags.1.passwordfile: no such key; did you mean passwordFile?',
  ]);
});

test('a document that is no object', () => {
  expect(parseDocument(schema, [], ['file'])).toEqual({ problems: ['file: expected object, received array'] });
});
