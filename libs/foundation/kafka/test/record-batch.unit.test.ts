import { describe, expect, it } from '@jest/globals';
import { crc32c } from '@platformatic/kafka';
import { decodeRecordBatches, encodeRecordBatch } from '#libs/foundation/kafka';
import type { KafkaRecord } from '#libs/foundation/kafka';

const record = (changes: Partial<KafkaRecord> = {}): KafkaRecord => ({
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: [],
  timestampMs: 1_700_000_000_000,
  ...changes,
});

/** A batch with some of its head's fields overwritten as a broker would, and the checksum made to fit. */
function rewritten(records: readonly KafkaRecord[], write: (batch: Buffer) => void): Buffer {
  const place = { producerId: 7n, producerEpoch: 0, baseSequence: 2 ** 31 - 2 };
  const batch = encodeRecordBatch(records, { place, compression: 'none' });
  write(batch);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

describe('encodeRecordBatch', () => {
  it('writes the bytes that the format names', () => {
    const batch = encodeRecordBatch([record({ headers: [['h', null]] })], { compression: 'none' });
    expect(batch.subarray(0, 17).toString('hex')).toBe(['0000000000000000', '0000003d', 'ffffffff', '02'].join(''));
    expect(batch.subarray(21).toString('hex')).toBe(
      [
        '0000',
        '00000000',
        '0000018bcfe56800',
        '0000018bcfe56800',
        'ffffffffffffffff',
        'ffff',
        'ffffffff',
        '00000001',
      ].join('') + ['16', '00', '00', '00', '02', '6b', '02', '76', '02', '02', '68', '01'].join(''),
    );
  });

  it('refuses to write a batch without records', () => {
    expect(() => encodeRecordBatch([], { compression: 'none' })).toThrow('at least one record');
  });

  it('keeps the order and the repetitions of headers', () => {
    const headers = [
      ['a', Buffer.from('1')],
      ['b', null],
      ['a', Buffer.from('2')],
      ['', Buffer.alloc(0)],
    ] as const;
    const decoded = decodeRecordBatches(encodeRecordBatch([record({ headers })], { compression: 'none' }));
    expect(decoded.records[0]?.headers).toEqual(headers);
  });
});

describe('decodeRecordBatches', () => {
  it('counts sequences on from 2^31 - 1 with 0', () => {
    const decoded = decodeRecordBatches(rewritten([record(), record(), record(), record()], () => undefined));
    expect(decoded.records.map((each) => each.sequence)).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 0, 1]);
  });

  it('gives every record the time of a batch that carries the time of its appending', () => {
    const batch = rewritten([record({ timestampMs: 5 }), record({ timestampMs: 6 })], (bytes) => {
      bytes.writeInt16BE(1 << 3, 21);
      bytes.writeBigInt64BE(99n, 35);
    });
    expect(decodeRecordBatches(batch).records.map((each) => each.timestampMs)).toEqual([99, 99]);
  });

  it('leaves out control batches, and begins again behind them', () => {
    const control = rewritten([record()], (bytes) => {
      bytes.writeBigInt64BE(40n, 0);
      bytes.writeInt16BE(1 << 5, 21);
    });
    expect(decodeRecordBatches(control)).toEqual({ records: [], nextOffset: 41n, damage: null });
  });

  it('keeps the offsets and sequences of records that a compaction left', () => {
    const batch = rewritten([record(), record()], (bytes) => {
      bytes.writeBigInt64BE(100n, 0);
      bytes.writeInt32BE(9, 23);
    });
    const decoded = decodeRecordBatches(batch);
    expect(decoded.records.map((each) => each.offset)).toEqual([100n, 101n]);
    expect(decoded.nextOffset).toBe(110n);
  });

  it('finds nothing in no bytes', () => {
    expect(decodeRecordBatches(Buffer.alloc(0))).toEqual({ records: [], nextOffset: null, damage: null });
  });

  it.each([
    ['an older message format', (bytes: Buffer) => (bytes[16] = 1), 'message format 1'],
    ['a compression that nobody knows', (bytes: Buffer) => bytes.writeInt16BE(6, 21), 'compression 6 is not known'],
    ['more records than bytes', (bytes: Buffer) => bytes.writeInt32BE(3, 57), 'ends behind its batch'],
    ['compressed bytes that are none', (bytes: Buffer) => bytes.writeInt16BE(1, 21), 'incorrect header check'],
    ['a record of another length', (bytes: Buffer) => (bytes[61] = 0x12), 'not as long as it says'],
  ])('names %s', (_, damage, reason) => {
    const decoded = decodeRecordBatches(rewritten([record()], damage));
    expect(decoded.records).toEqual([]);
    expect(decoded.damage?.reason).toContain(reason);
  });
});
