import { API, type Action, type Frame } from '#libs/foundation/testing-kafka';
import { WireFields } from './wire-fields.ts';

const BY_ID = 13;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
/** Where they are in a record batch. */
const PRODUCER_ID = 43;
const BASE_SEQUENCE = 53;

/**
 * A rule for a proxy: answers in the place of a broker that takes no first sequence but 0 from a producer that it does not
 * know, as some do that are not Apache Kafka. What the producer may begin with elsewhere passes.
 */
export class FirstSequenceRefusals {
  /** How often one was refused. */
  refused = 0;
  /** Partitions with the producers that wrote there. */
  #known = new Set<string>();

  /** Producers are unknown again. To be called when the real broker has forgotten them. */
  forget(): void {
    this.#known = new Set();
  }

  readonly rule = (frame: Frame): Action | undefined => {
    if (frame.apiKey !== API.produce || frame.direction !== 'request') return undefined;
    const { topicId, partition, batch } = onlyBatch(frame);
    const place = `${topicId.toString('hex')}/${partition}/${batch.readBigInt64BE(PRODUCER_ID)}`;
    // Without sequences it is -1.
    if (batch.readInt32BE(BASE_SEQUENCE) <= 0 || this.#known.has(place)) {
      this.#known.add(place);
      return undefined;
    }
    this.refused += 1;
    return { answer: refusal(frame.correlationId, topicId, partition) };
  };
}

/** Throws for a request with more than one batch, or of a version that names topics by name. */
function onlyBatch({ bytes, apiVersion }: Frame): { topicId: Buffer; partition: number; batch: Buffer } {
  if (apiVersion !== BY_ID) throw new Error(`expected produce requests of version ${BY_ID}, got ${apiVersion}`);
  const head = new WireFields(bytes, false);
  head.skip(8);
  head.text();
  const fields = new WireFields(bytes.subarray(head.skip(0)), true);
  fields.tags();
  fields.text();
  fields.skip(6); // acks and timeout
  const topics = fields.length();
  const topicId = fields.raw(16);
  const partitions = fields.length();
  if (topics !== 1 || partitions !== 1) throw new Error('expected produce requests with one batch');
  return { topicId, partition: fields.int32(), batch: fields.bytes() };
}

/** One topic with one partition that has failed, and no message. */
function refusal(correlationId: number, topicId: Buffer, partition: number): Buffer {
  const head = Buffer.alloc(6);
  head.writeInt32BE(correlationId, 0);
  head.writeUInt8(2, 5); // behind no tags: one topic
  const answer = Buffer.alloc(40);
  answer.writeUInt8(2, 0); // one partition
  answer.writeInt32BE(partition, 1);
  answer.writeInt16BE(OUT_OF_ORDER_SEQUENCE_NUMBER, 5);
  for (const offset of [7, 15, 23]) answer.writeBigInt64BE(-1n, offset);
  answer.writeUInt8(1, 31); // no errors of single records, then no text, and no tags of partition and topic
  return Buffer.concat([head, topicId, answer]);
}
