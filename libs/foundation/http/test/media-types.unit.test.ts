import { expect, test } from '@jest/globals';
import { preferredType } from '../src/index.ts';

const OFFERED = ['application/a+json', 'application/b+json', 'application/json'];

test.each([
  [undefined, 'application/a+json'],
  ['', 'application/a+json'],
  ['*/*', 'application/a+json'],
  ['application/*;q=0.5', 'application/a+json'],
  ['application/json', 'application/json'],
  ['APPLICATION/JSON', 'application/json'],
  ['application/json;q=0.5, application/b+json;q=0.9', 'application/b+json'],
  ['application/json;q=0.5, */*;q=0.1', 'application/json'],
  ['application/a+json;q=0, */*', 'application/b+json'],
  ['application/json;q=nonsense, application/b+json;q=0.1', 'application/b+json'],
  ['text/html', undefined],
  ['*/*;q=0', undefined],
  [',,;', undefined],
])('Accept: %s prefers %s', (accept, type) => {
  expect(preferredType(accept, OFFERED)).toBe(type);
});
