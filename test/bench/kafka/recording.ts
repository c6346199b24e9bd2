import type { KafkaClient, KafkaRecord } from '#libs/foundation/kafka';
import type { EncodeBatch } from '#libs/movers/publisher';

/** A batch as the publisher made it. */
export interface RecordedBatch {
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

/** Notes what a publisher sends: the records of each batch, and which batches travel together. */
export class Recording {
  /** Produce requests in their order. */
  readonly requests: RecordedBatch[][] = [];
  readonly #encoded = new Map<Buffer, readonly KafkaRecord[]>();

  encoding(encodeBatch: EncodeBatch): EncodeBatch {
    return (records, options) => {
      const bytes = encodeBatch(records, options);
      this.#encoded.set(bytes, records);
      return bytes;
    };
  }

  sending(client: KafkaClient): KafkaClient {
    return {
      ...client,
      produce: (broker, batches, timeoutMs) => {
        this.requests.push(batches.map(({ partition, bytes }) => ({ partition, records: this.#encoded.get(bytes)! })));
        for (const { bytes } of batches) this.#encoded.delete(bytes);
        return client.produce(broker, batches, timeoutMs);
      },
    };
  }

  get batches(): number {
    return this.requests.reduce((sum, request) => sum + request.length, 0);
  }
}
