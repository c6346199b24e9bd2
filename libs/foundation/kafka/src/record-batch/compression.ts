import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import type { Compression } from '../record.ts';

interface Codec {
  readonly compress: (bytes: Buffer) => Buffer;
  readonly decompress: (bytes: Buffer) => Buffer;
}

const { snappy, lz4 } = compressionsAlgorithms;

/** By the number that a batch's attributes carry. */
const codecs: readonly Codec[] = [
  { compress: (bytes) => bytes, decompress: (bytes) => bytes },
  // Level 1: at the default level gzip, not the broker, would be what a publisher waits for.
  { compress: (bytes) => gzipSync(bytes, { level: 1 }), decompress: (bytes) => gunzipSync(bytes) },
  { compress: (bytes) => snappy.compressSync(bytes), decompress: (bytes) => snappy.decompressSync(bytes) },
  { compress: (bytes) => lz4.compressSync(bytes), decompress: (bytes) => lz4.decompressSync(bytes) },
  { compress: (bytes) => zstdCompressSync(bytes), decompress: (bytes) => zstdDecompressSync(bytes) },
];

const numbers: Readonly<Record<Compression, number>> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

/** The number that stands for a compression in a batch's attributes. */
export const compressionNumber = (compression: Compression): number => numbers[compression];

export const compress = (compression: Compression, bytes: Buffer): Buffer =>
  codecs[numbers[compression]]!.compress(bytes);

/** Throws a RangeError for a number that Kafka has not given to any codec, and the codec's own error for damaged bytes. */
export function decompress(number: number, bytes: Buffer): Buffer {
  const codec = codecs[number];
  if (codec === undefined) throw new RangeError(`compression ${number} is not known`);
  return codec.decompress(bytes);
}
