import { decodeRecordBatches, type KafkaClient, type KafkaRecord } from '#libs/foundation/kafka';

/** A batch as the publisher made it. */
export interface RecordedBatch {
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

/** Requests that a sample has; few, because collecting garbage among all records as objects would cost the floor a fifth. */
const SAMPLE = 6;

/** Notes what a publisher sends, as bytes: what is in each batch, and which batches travel together. */
export class Recording {
  readonly #requests: { readonly partition: number; readonly bytes: Buffer }[][] = [];

  sending(client: KafkaClient): KafkaClient {
    return {
      ...client,
      produce: (broker, batches, timeoutMs) => {
        this.#requests.push(batches.map(({ partition, bytes }) => ({ partition, bytes })));
        return client.produce(broker, batches, timeoutMs);
      },
    };
  }

  get requests(): number {
    return this.#requests.length;
  }

  get batches(): number {
    return this.#requests.reduce((sum, request) => sum + request.length, 0);
  }

  /** Some produce requests from all parts of the recording, in their order, with the records as objects. */
  sample(): RecordedBatch[][] {
    const every = Math.ceil(this.#requests.length / SAMPLE);
    return this.#requests
      .filter((_, index) => index % every === 0)
      .map((request) =>
        request.map(({ partition, bytes }) => ({ partition, records: decodeRecordBatches(bytes).records })),
      );
  }
}
