import fc from 'fast-check';
import type { KafkaRecord, ProducerPlace } from '#libs/foundation/kafka';

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));

/** Null, empty, short and around the widths at which a length takes another byte. */
const nullableBytes: fc.Arbitrary<Buffer | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: bytes(40) },
  { weight: 1, arbitrary: fc.constantFrom(63, 64, 8_191, 8_192).map((length) => Buffer.alloc(length, length)) },
);

const name = fc.oneof(fc.constantFrom('tidemark-message-id', 'traceparent', 'id', ''), fc.string({ maxLength: 12 }));

/** Before, at and long after the first record's time. */
const timestampMs = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_010_000 }),
  fc.constantFrom(0, 1, 1_700_000_000_000 - 2 ** 31, 1_700_000_000_000 + 2 ** 31, 8_640_000_000_000_000),
);

export const kafkaRecord: fc.Arbitrary<KafkaRecord> = fc.record({
  key: nullableBytes,
  value: nullableBytes,
  headers: fc.array(fc.tuple(name, nullableBytes), { maxLength: 5 }),
  timestampMs,
});

export const kafkaRecords: fc.Arbitrary<KafkaRecord[]> = fc.array(kafkaRecord, { minLength: 1, maxLength: 12 });

export const producerPlace: fc.Arbitrary<ProducerPlace> = fc.record({
  producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  producerEpoch: fc.integer({ min: 0, max: 32_767 }),
  baseSequence: fc.oneof(fc.constantFrom(0, 2 ** 31 - 1, 2 ** 31 - 3), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
