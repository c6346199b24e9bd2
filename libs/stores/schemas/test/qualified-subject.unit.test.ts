import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isValidSubject, parseSubject, printSubject } from '../src/names/qualified-subject.ts';
import { checkVersion } from '../src/names/version-selector.ts';
import { parsePrefix } from '../src/reading/subject-prefix.ts';

describe('names of subjects', () => {
  test.each([
    ['s', { context: '.', subject: 's' }],
    ['', { context: '.', subject: '' }],
    [':.ctx:s', { context: '.ctx', subject: 's' }],
    [':.ctx:', { context: '.ctx', subject: '' }],
    [':.ctx', { context: '.ctx', subject: '' }],
    [':.:s', { context: '.', subject: 's' }],
    [':.ctx:a:b', { context: '.ctx', subject: 'a:b' }],
    [':x:s', { context: '.', subject: ':x:s' }],
  ])('%j is read', (name, expected) => {
    expect(parseSubject(name)).toEqual(expected);
  });

  test('what is printed is read as the same, for every valid name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (context, subject) => {
        const name = { context: `.${context}`, subject };
        fc.pre(isValidSubject(name));
        expect(parseSubject(printSubject(name))).toEqual(name);
      }),
    );
  });

  test('a prefix may mean all contexts', () => {
    expect(parsePrefix(':*:a')).toEqual({ context: undefined, subject: 'a' });
    expect(parsePrefix(':.c:a')).toEqual({ context: '.c', subject: 'a' });
    expect(parsePrefix('a')).toEqual({ context: '.', subject: 'a' });
  });
});

test.each([0, -2, 1.5, Number.NaN, 2_147_483_648])('%p is no version: 42202', (version) => {
  expect(() => checkVersion(version)).toThrow(
    `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
  );
});

test('-1 is another word for latest', () => {
  expect([checkVersion(-1), checkVersion('latest'), checkVersion(2_147_483_647)]).toEqual([
    'latest',
    'latest',
    2_147_483_647,
  ]);
});
