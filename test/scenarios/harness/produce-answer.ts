import { WireFields } from './wire-fields.ts';

/** What a broker says of one batch. */
export interface BatchVerdict {
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: bigint;
}

const CORRELATION_ID = 4;
const TOPIC_ID = 16;
const APPEND_TIME_AND_LOG_START = 16;
/** From these versions on: lengths as varints and tagged fields; topics by id. */
const FLEXIBLE = 9;
const BY_ID = 13;

/** Reads the bytes of an answer to a produce request (version 8 or later), without the length prefix. */
export function readProduceAnswer(answer: Buffer, version: number): BatchVerdict[] {
  const fields = new WireFields(answer, version >= FLEXIBLE);
  fields.skip(CORRELATION_ID);
  fields.tags();
  const verdicts: BatchVerdict[] = [];
  for (let topics = fields.length(); topics > 0; topics -= 1) {
    if (version >= BY_ID) fields.skip(TOPIC_ID);
    else fields.text();
    for (let partitions = fields.length(); partitions > 0; partitions -= 1) {
      verdicts.push({ partition: fields.int32(), errorCode: fields.int16(), baseOffset: fields.int64() });
      fields.skip(APPEND_TIME_AND_LOG_START);
      for (let errors = fields.length(); errors > 0; errors -= 1) {
        fields.int32();
        fields.text();
        fields.tags();
      }
      fields.text();
      fields.tags();
    }
    fields.tags();
  }
  return verdicts;
}
