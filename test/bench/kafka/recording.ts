import { decodeRecordBatches, type KafkaClient, type KafkaRecord } from '#libs/foundation/kafka';

/** A batch as the publisher made it. */
export interface RecordedBatch {
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

/** Notes what a publisher sends: the records of each batch, and which batches travel together. */
export class Recording {
  /** Produce requests in their order. */
  readonly requests: RecordedBatch[][] = [];

  sending(client: KafkaClient): KafkaClient {
    return {
      ...client,
      produce: (broker, batches, timeoutMs) => {
        this.requests.push(
          batches.map(({ partition, bytes }) => ({ partition, records: decodeRecordBatches(bytes).records })),
        );
        return client.produce(broker, batches, timeoutMs);
      },
    };
  }

  get batches(): number {
    return this.requests.reduce((sum, request) => sum + request.length, 0);
  }
}
