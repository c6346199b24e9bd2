import { expect, test } from '@jest/globals';
import { clusterIdOf } from '../src/broker/cluster-id.ts';

test('no id of a cluster begins with a hyphen', () => {
  const ids = Array.from({ length: 256 }, (_, first) =>
    clusterIdOf(Buffer.from([first, ...Array<number>(15).fill(7)])),
  );
  expect(ids.filter((id) => id.startsWith('-'))).toEqual([]);
  expect(new Set(ids.map((id) => id.length))).toEqual(new Set([22]));
  expect(new Set(ids).size).toBe(128);
});
