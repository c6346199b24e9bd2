import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { fingerprint, guidOf } from '../src/index.ts';

const md5 = (...parts: (string | number[])[]): string =>
  createHash('md5')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest('hex');
const plain = { canonicalText: '"string"', references: [] };

test('the text alone is hashed as it stands', () => {
  expect(fingerprint(plain).toString('hex')).toBe(md5('"string"'));
  expect(guidOf(fingerprint(plain))).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('references follow in list order, with the version as four bytes', () => {
  const references = [
    { name: 'b', subject: 's', version: 258 },
    { name: 'a', subject: 't', version: 1 },
  ];
  expect(fingerprint({ ...plain, references }).toString('hex')).toBe(
    md5('"string"', 'bs', [0, 0, 1, 2], 'at', [0, 0, 0, 1]),
  );
});

test('metadata is marked and sorted; empty differs from none', () => {
  const metadata = { tags: { b: ['y', 'x'], a: ['z'] }, properties: { q: '2', p: '1' }, sensitive: ['q', 'p'] };
  expect(fingerprint({ ...plain, metadata }).toString('hex')).toBe(md5('"string"', [1], 'azbxy', 'p1q2', 'pq'));
  expect(fingerprint({ ...plain, metadata: {} }).toString('hex')).toBe(md5('"string"', [1]));
  expect(fingerprint({ ...plain, metadata: null })).toEqual(fingerprint(plain));
});

test('rules are hashed by phase in list order, a disabled one marked', () => {
  const rule = {
    name: 'n',
    kind: 'CONDITION',
    mode: 'WRITE',
    type: 'CEL',
    tags: ['t', 's'],
    params: { k: 'v' },
  } as const;
  const ruleSet = {
    domainRules: [{ ...rule, expr: 'e', disabled: true }],
    migrationRules: [{ name: 'm', type: 'JSONATA' }],
    enableAt: '2026',
  };
  expect(fingerprint({ ...plain, ruleSet }).toString('hex')).toBe(
    md5('"string"', [1], 'mJSONATA', 'nCONDITIONWRITECELstkve', [1], '2026'),
  );
});
