/** Record batch, format 2: where its head's fields lie. All numbers are big endian; the checksum covers what follows it. */
export const BATCH = {
  baseOffset: 0,
  /** Bytes that follow this field. */
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

/** Bytes before the part that `length` counts. */
export const BATCH_PREFIX_BYTES = 12;

export const ATTRIBUTE = { compression: 0b111, logAppendTime: 1 << 3, transactional: 1 << 4, control: 1 << 5 } as const;

/** Sequences run from 0 to 2^31 - 1 and begin again at 0. */
export const SEQUENCE_SPACE = 2 ** 31;
