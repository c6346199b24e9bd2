import { expect, test } from '@jest/globals';
import { murmur2, partitionForKey } from '../src/murmur2.ts';

// What Utils.murmur2 and BuiltInPartitioner.partitionForKey of org.apache.kafka:kafka-clients 4.3.1 print for these keys.
const bytes = (length: number, at: (index: number) => number) => Uint8Array.from({ length }, (_, index) => at(index));
const hex = (text: string) => Buffer.from(text, 'hex');
const PARTITIONS = [1, 6, 7, 120, 10_000];

test.each<[string, Uint8Array, number, number[]]>([
  ['nothing', Buffer.alloc(0), 275_646_681, [0, 3, 2, 81, 6681]],
  ['1 byte', Buffer.from('0'), 971_027_396, [0, 2, 3, 116, 7396]],
  ['2 bytes', Buffer.from('42'), 417_700_972, [0, 4, 3, 52, 972]],
  ['3 bytes', Buffer.from('abd'), 767_934_176, [0, 2, 2, 56, 4176]],
  ['4 bytes', Buffer.from('key4'), -1_069_414_199, [0, 3, 2, 9, 9449]],
  ['order-1', Buffer.from('order-1'), 1_221_710_326, [0, 4, 4, 46, 326]],
  ['order-1000001', Buffer.from('order-1000001'), 416_029_156, [0, 4, 4, 76, 9156]],
  ['customer/77/cart', Buffer.from('customer/77/cart'), 577_368_698, [0, 2, 4, 98, 8698]],
  ['München', Buffer.from('München'), 1_814_305_452, [0, 0, 1, 12, 5452]],
  ['Ωμέγα', Buffer.from('Ωμέγα'), 1_250_134_017, [0, 3, 6, 57, 4017]],
  ['注文-12', Buffer.from('注文-12'), 176_118_995, [0, 5, 3, 35, 8995]],
  ['🛒', Buffer.from('🛒'), 442_588_275, [0, 3, 3, 75, 8275]],
  ['a uuid', Buffer.from('550e8400-e29b-41d4-a716-446655440000'), 2_143_099_391, [0, 5, 6, 71, 9391]],
  ['our placeholder', Buffer.from('tidemark-placeholder'), -267_688_387, [0, 1, 1, 61, 5261]],
  ['00', hex('00'), 375_494_588, [0, 2, 0, 68, 4588]],
  ['ff', hex('ff'), -311_467_685, [0, 3, 5, 3, 5963]],
  ['808182', hex('808182'), -1_975_640_061, [0, 5, 6, 107, 3587]],
  ['00000000', hex('00000000'), 850_957_120, [0, 4, 6, 40, 7120]],
  ['feedface00', hex('feedface00'), 209_325_365, [0, 5, 4, 5, 5365]],
  ['7 times ff', bytes(7, () => 0xff), -71_293_549, [0, 1, 4, 19, 99]],
  ['each byte once', bytes(256, (index) => index), -1_948_347_274, [0, 4, 3, 94, 6374]],
  ['8191 bytes', bytes(8191, (index) => (index * 31 + 7) & 0xff), 1_970_136_705, [0, 3, 5, 105, 6705]],
])('%s: hash and partitions are what Java computes', (_what, key, hash, partitions) => {
  expect(murmur2(key)).toBe(hash);
  expect(PARTITIONS.map((count) => partitionForKey(key, count))).toEqual(partitions);
});

const MODULUS = 1_000_000_007;
const digest = (length: number, of: (index: number) => number): number => {
  let sum = 0;
  for (let index = 0; index < length; index += 1) sum = (sum * 31 + of(index)) % MODULUS;
  return sum;
};

test('the partitions of 100,000 keys and the hashes of 2,000 binary keys add up to what Java prints', () => {
  expect(digest(100_000, (index) => partitionForKey(Buffer.from(`key-${index}`), 120))).toBe(295_578_381);
  const binary = (index: number) => bytes(index % 67, (at) => (index * 13 + at * 101) & 0xff);
  expect(digest(2_000, (index) => murmur2(binary(index)) >>> 0)).toBe(766_356_898);
});
