import type { KafkaRecord, ProducerPlace } from '#libs/foundation/kafka';
import { MESSAGE_ID_HEADER } from '#libs/stores/topic';
import type { EncodeBatch } from '../../src/index.ts';
import { type Entry, SEQUENCES } from './replica-log.ts';

export interface WireBatch {
  readonly place: ProducerPlace | undefined;
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

const onTheWire = new WeakMap<Buffer, WireBatch>();

/** Stands for the encoding: the buffer has the size, the fake brokers look the batch up by it. */
export const encodeForFake: EncodeBatch = (records, { place }) => {
  const bytes = records.reduce((sum, { key, value }) => sum + 20 + (key?.length ?? 0) + (value?.length ?? 0), 61);
  const buffer = Buffer.alloc(bytes);
  onTheWire.set(buffer, { place, entries: entriesOf(records, place), bytes });
  return buffer;
};

export function decodeForFake(buffer: Buffer): WireBatch {
  return onTheWire.get(buffer)!;
}

export function entriesOf(records: readonly KafkaRecord[], place: ProducerPlace | undefined): Entry[] {
  const batch = { baseSequence: place?.baseSequence ?? -1, count: records.length };
  return records.map(({ key, value, headers, timestampMs }, index) => ({
    key,
    value,
    headers,
    timestampMs,
    messageId: headers.find(([name]) => name === MESSAGE_ID_HEADER)?.[1]?.toString() ?? null,
    producerId: place?.producerId ?? -1n,
    sequence: place === undefined ? -1 : (place.baseSequence + index) % SEQUENCES,
    batch,
    indexInBatch: index,
  }));
}
