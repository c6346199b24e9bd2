import type { Readable } from 'node:stream';
import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  knownErrorOf,
  requestInvalid,
  type ServerSentEvent,
  serverSentEvents,
  Writes,
} from '#libs/foundation/http';
import { TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import { requestClusterWork } from '#libs/stores/log';
import { type ReachableCluster, reachableCluster } from '../../clusters/cluster-overview.ts';
import { ClusterVerification, type VerifyEvent } from '../../clusters/verify/verify-cluster.ts';
import type { PartitionPlace } from '../../clusters/verify/verify-parts.ts';
import { RELAY, type Relay } from '../../relay.ts';
import { verifyEventView, verifyFailureView } from './verify-view.ts';
import { zClusterName, zTopicName } from './wire-names.ts';

const verify = endpoint({
  summary: 'Compare a cluster with the log, offset by offset',
  description:
    'Server-sent events: `begin`; `progress` with a partition and how far it is; `finding` with what is wrong at an offset (the first thousand); `report` with all counts at the end; `error` instead of it when either side stops answering. With `repair` the publisher puts back what is missing at the end of partitions (`repair` events), and those are verified again. Ends when the client leaves.',
  role: 'operator',
  params: z.object({ cluster: zClusterName }),
  body: z.strictObject({
    topic: zTopicName.optional(),
    partition: z.int().min(0).max(2_147_483_647).optional().describe('Needs topic.'),
    repair: z.boolean().default(false),
  }),
  stream: true,
  errors: [
    'CLUSTER_UNKNOWN',
    'CLUSTER_NOT_CONFIGURED',
    'TOPIC_UNKNOWN',
    'TOPIC_NOT_PUBLISHED',
    'PARTITION_INVALID',
    'VERIFICATION_RUNNING',
  ],
});

type VerifyInput = InputOf<typeof verify>;

@Controller('v1/clusters')
export class VerifyController {
  readonly #running = new Set<string>();

  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(Writes) private readonly writes: Writes,
  ) {}

  @Post(':cluster/verify')
  @Endpoint(verify)
  async verify(@Input() input: VerifyInput): Promise<Readable> {
    if (input.body.partition !== undefined && input.body.topic === undefined)
      throw requestInvalid([{ field: 'body.partition', message: 'needs topic' }]);
    const cluster = await reachableCluster(this.relay.db, this.relay.clusters, input.params.cluster);
    const events = this.#alone(cluster.name, this.#verification(input, cluster).events());
    // Whatever is refused is refused here, before the stream begins, as a problem document. The generator has begun then, so
    // that it gives its turn back however it ends.
    const first = await events.next();
    const end = (): void => void events.return(undefined).catch(() => undefined);
    if (input.signal.aborted) end();
    else input.signal.addEventListener('abort', end, { once: true });
    return serverSentEvents(sentOf(cluster.name, first, events), { signal: input.signal });
  }

  /** One at a time per cluster. Throws VERIFICATION_RUNNING at the first event. */
  async *#alone(cluster: string, events: AsyncGenerator<VerifyEvent>): AsyncGenerator<VerifyEvent, undefined> {
    if (this.#running.has(cluster))
      throw new TidemarkError('VERIFICATION_RUNNING', `this relay is verifying '${cluster}' already`);
    this.#running.add(cluster);
    try {
      yield* events;
    } finally {
      this.#running.delete(cluster);
    }
  }

  #verification(input: VerifyInput, { name, status, here }: ReachableCluster): ClusterVerification {
    const { db, reader } = this.relay;
    return new ClusterVerification(
      {
        cluster: { name, clusterId: status.clusterId },
        client: here.client,
        db,
        reader,
        recordFor: (record, clusterTopic) => here.recordFor(record, clusterTopic),
        askForRepair: (partitions) => this.#askForRepair(input, name, partitions),
        signal: input.signal,
        sleep: systemSleep,
        now: () => performance.now(),
        random: Math.random,
      },
      input.body,
    );
  }

  async #askForRepair(input: VerifyInput, cluster: string, partitions: readonly PartitionPlace[]): Promise<void> {
    const detail = { partitions: partitions.length, topics: [...new Set(partitions.map(({ topic }) => topic))] };
    // Events that were told cannot be told again: a key for repeats has no meaning here.
    const request = { ...input, idempotencyKey: undefined };
    await this.writes.run(request, { action: 'cluster.repair', target: cluster, detail }, async (tx) => {
      for (const { topic, partition } of partitions) await requestClusterWork(tx, { cluster, topic, partition });
    });
  }
}

async function* sentOf(
  cluster: string,
  first: IteratorResult<VerifyEvent, undefined>,
  rest: AsyncGenerator<VerifyEvent, undefined>,
): AsyncGenerator<ServerSentEvent> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield verifyEventView(cluster, next.value);
  } catch (error) {
    const known = knownErrorOf(error);
    yield verifyFailureView(known);
    // A defect breaks the stream besides, so that it is noticed as one.
    if (known.code === 'INTERNAL') throw error;
  } finally {
    await rest.return(undefined);
  }
}
