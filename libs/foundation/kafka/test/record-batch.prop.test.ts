import { describe, expect, it } from '@jest/globals';
import { Reader, readRecordsBatches } from '@platformatic/kafka';
import fc from 'fast-check';
import { decodeRecordBatches, encodeRecordBatch, RECORD_BATCH_OVERHEAD, recordBytes } from '#libs/foundation/kafka';
import type { KafkaRecord } from '#libs/foundation/kafka';
import { compressions, kafkaRecord, kafkaRecords, producerPlace } from './record-arbitraries.ts';

const compression = fc.constantFrom(...compressions);

/** Records as text: long buffers are compared byte by byte in no time, and differences stay readable. */
function plain(records: readonly KafkaRecord[]): unknown[] {
  const text = (bytes: Buffer | null): string | null => bytes && bytes.toString('base64');
  return records.map(({ key, value, headers, timestampMs }) => [
    text(key),
    text(value),
    headers.map(([name, header]) => [name, text(header)]),
    timestampMs,
  ]);
}

describe('a record batch', () => {
  it('is read back as it was written, with the place of each record', () => {
    fc.assert(
      fc.property(kafkaRecords, producerPlace, compression, (records, place, codec) => {
        const decoded = decodeRecordBatches(encodeRecordBatch(records, { place, compression: codec }));
        expect(decoded.damage).toBeNull();
        expect(decoded.nextOffset).toBe(BigInt(records.length));
        expect(plain(decoded.records)).toEqual(plain(records));
        decoded.records.forEach((record, index) => {
          expect(record.offset).toBe(BigInt(index));
          expect(record.producerId).toBe(place.producerId);
          expect(record.sequence).toBe((place.baseSequence + index) % 2 ** 31);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('means the same to another implementation', () => {
    fc.assert(
      fc.property(kafkaRecords, producerPlace, compression, (records, place, codec) => {
        const [batch] = readRecordsBatches(Reader.from(encodeRecordBatch(records, { place, compression: codec })));
        expect(batch).toMatchObject({
          firstOffset: 0n,
          magic: 2,
          lastOffsetDelta: records.length - 1,
          producerId: place.producerId,
          producerEpoch: place.producerEpoch,
          firstSequence: place.baseSequence,
          maxTimestamp: BigInt(Math.max(...records.map((record) => record.timestampMs))),
        });
        const theirs = batch!.records.map((record) => ({
          key: record.key,
          value: record.value,
          headers: record.headers.map(([name, value]) => [name!.toString(), value] as const),
          timestampMs: Number(batch!.firstTimestamp + record.timestampDelta),
        }));
        expect(plain(theirs)).toEqual(plain(records));
      }),
      { numRuns: 300 },
    );
  });

  it('is at most as long as its records were estimated, and at most 18 bytes a record shorter', () => {
    fc.assert(
      fc.property(kafkaRecords, (records) => {
        const bytes = encodeRecordBatch(records, { compression: 'none' }).length;
        const bound = records.reduce((sum, record) => sum + recordBytes(record), RECORD_BATCH_OVERHEAD);
        expect(bytes).toBeLessThanOrEqual(bound);
        expect(bound - bytes).toBeLessThanOrEqual(18 * records.length);
      }),
    );
  });

  it('is the same bytes for the same records', () => {
    fc.assert(
      fc.property(kafkaRecords, compression, (records, codec) => {
        const copies = records.map((record) => ({ ...record, value: record.value && Buffer.from(record.value) }));
        expect(encodeRecordBatch(copies, { compression: codec })).toEqual(
          encodeRecordBatch(records, { compression: codec }),
        );
      }),
    );
  });

  it('is left alone where it was cut, and the batches before it are read', () => {
    fc.assert(
      fc.property(kafkaRecords, kafkaRecord, fc.nat(), (records, last, cut) => {
        const whole = encodeRecordBatch(records, { compression: 'none' });
        const behind = encodeRecordBatch([last], { compression: 'none' });
        const decoded = decodeRecordBatches(Buffer.concat([whole, behind.subarray(0, cut % behind.length)]));
        expect(decoded.damage).toBeNull();
        expect(plain(decoded.records)).toEqual(plain(records));
        expect(decoded.nextOffset).toBe(BigInt(records.length));
      }),
    );
  });

  it('with a flipped bit is damaged, never misread', () => {
    fc.assert(
      fc.property(kafkaRecords, fc.nat(), fc.integer({ min: 0, max: 7 }), (records, place, bit) => {
        const batch = encodeRecordBatch(records, { compression: 'none' });
        const at = 21 + (place % (batch.length - 21));
        batch[at]! ^= 1 << bit;
        const decoded = decodeRecordBatches(batch);
        expect(decoded.records).toEqual([]);
        expect(decoded.damage?.reason).toBe('its checksum does not match its bytes');
      }),
    );
  });
});
