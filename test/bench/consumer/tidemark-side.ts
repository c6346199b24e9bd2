import type { PoolClient } from 'pg';
import { createConsumer, type Delivery, type TransportFactory } from '#libs/sdk';
import type { ConsumerSide } from './consuming.ts';
import { BATCH, takeEffect } from './effect.ts';

const STOP_MS = 10_000;

export interface TidemarkTarget {
  readonly name: string;
  readonly url: string;
  readonly topic: string;
  readonly transport: TransportFactory;
  readonly inbox: boolean;
}

/** A consumer of the SDK with its defaults, but for the inbox where it is left out. */
export function tidemarkSide({ name, url, topic, transport, inbox }: TidemarkTarget): ConsumerSide {
  return {
    name,
    start: async ({ group, effect, concurrency, pool, numberOf, handled, failed }) => {
      const underWay = new Map<string, number>();
      const handle = async (deliveries: readonly Delivery<PoolClient>[]): Promise<void> => {
        const ns = deliveries.map(({ value }) => numberOf(value as Buffer));
        deliveries.forEach(({ messageId }, index) => underWay.set(messageId, ns[index]!));
        await takeEffect(deliveries[0]!.tx, effect, ns);
      };
      const consumer = createConsumer({
        database: pool,
        url,
        group,
        transport,
        onError: failed,
        observer: {
          handled: ({ messageId }) => {
            handled(underWay.get(messageId)!);
            underWay.delete(messageId);
          },
          tryFailed: (_delivery, _attempt, error) => failed(error),
          batchSplit: (_delivery, _size, error) => failed(error),
        },
        subscriptions: [
          {
            topics: topic,
            decode: 'bytes',
            concurrency,
            inbox,
            ...(effect === 'rows'
              ? { handleBatch: handle, batch: { maxRecords: BATCH } }
              : { handle: (delivery: Delivery<PoolClient>) => handle([delivery]) }),
          },
        ],
      });
      await consumer.start();
      return { stop: () => consumer.stop({ deadlineMs: STOP_MS }) };
    },
  };
}
