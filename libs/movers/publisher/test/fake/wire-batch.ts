import { decodeRecordBatches, type KafkaRecord, type ProducerPlace } from '#libs/foundation/kafka';
import { MESSAGE_ID_HEADER } from '#libs/stores/topic';
import { type Entry, SEQUENCES } from './replica-log.ts';

export interface WireBatch {
  readonly place: ProducerPlace | undefined;
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

/** Where a batch's head has the epoch of its producer. */
const PRODUCER_EPOCH_AT = 51;

/** A batch as a broker reads it. */
export function decodeForFake(bytes: Buffer): WireBatch {
  const { records, damage } = decodeRecordBatches(bytes);
  if (damage !== null) throw new Error(`a damaged batch was sent: ${damage.reason}`);
  const { producerId, sequence } = records[0]!;
  const producerEpoch = bytes.readInt16BE(PRODUCER_EPOCH_AT);
  const place = producerId < 0n ? undefined : { producerId, producerEpoch, baseSequence: sequence };
  return { place, entries: entriesOf(records, place), bytes: bytes.length };
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
