/** What a broker says of one batch. */
export interface BatchVerdict {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: bigint;
}

const APPEND_TIME_AND_LOG_START = 16;

/** Reads the bytes of an answer to a produce request (version 8, as the relay sends it), without the length prefix. */
export function readProduceAnswer(answer: Buffer): BatchVerdict[] {
  let at = 4;
  const int16 = (): number => answer.readInt16BE((at += 2) - 2);
  const int32 = (): number => answer.readInt32BE((at += 4) - 4);
  const int64 = (): bigint => answer.readBigInt64BE((at += 8) - 8);
  const text = (): string => {
    const length = Math.max(0, int16());
    return answer.toString('utf8', at, (at += length));
  };
  const verdicts: BatchVerdict[] = [];
  for (let topics = int32(); topics > 0; topics -= 1) {
    const topic = text();
    for (let partitions = int32(); partitions > 0; partitions -= 1) {
      const [partition, errorCode, baseOffset] = [int32(), int16(), int64()];
      verdicts.push({ topic, partition, errorCode, baseOffset });
      at += APPEND_TIME_AND_LOG_START;
      for (let errors = int32(); errors > 0; errors -= 1) {
        int32();
        text();
      }
      text();
    }
  }
  return verdicts;
}
