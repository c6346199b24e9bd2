import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, endpoint, Input, type InputOf, requestInvalid, Writes } from '#libs/foundation/http';
import { systemSleep } from '#libs/foundation/lifecycle';
import { reachableCluster } from '../../clusters/cluster-overview.ts';
import { auditedFailover } from '../../clusters/audited-failover.ts';
import { type FailoverSide, planGroupFailover } from '../../clusters/failover-group.ts';
import { patientGroups } from '../../clusters/patient-groups.ts';
import { RELAY, type Relay } from '../../relay.ts';
import { failoverView, zFailover } from './failover-view.ts';
import { zClusterName } from './wire-names.ts';

const failOver = endpoint({
  summary: 'Copy the committed offsets of a Kafka consumer group to another cluster',
  description:
    'Each offset is translated exactly, so that the group goes on with the same record. Refused while the target lacks records that the group has handled, or while it has members there. Committed offsets are read back. The audit has the planned offsets before anything is committed, and the outcome after it. With `dryRun` it only answers what it would do.',
  role: 'operator',
  params: z.object({ cluster: zClusterName }),
  body: z.strictObject({
    group: z.string().min(1).max(255),
    to: zClusterName,
    dryRun: z.boolean().default(false),
    reason: z.string().trim().min(1).max(1_000).optional().describe('Kept in the audit.'),
  }),
  response: zFailover,
  errors: [
    'CLUSTER_UNKNOWN',
    'CLUSTER_NOT_CONFIGURED',
    'CLUSTER_GROUP_UNKNOWN',
    'FAILOVER_NOT_READY',
    'FAILOVER_GROUP_ACTIVE',
    'OUTCOME_NOT_RECORDED',
    'KAFKA_UNREACHABLE',
    'KAFKA_AUTHENTICATION_FAILED',
    'KAFKA_REFUSED',
    'KAFKA_UNSUPPORTED',
  ],
});

@Controller('v1/clusters')
export class FailoverController {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(Writes) private readonly writes: Writes,
  ) {}

  @Post(':cluster/failover')
  @Endpoint(failOver)
  async failOver(@Input() input: InputOf<typeof failOver>) {
    const from = input.params.cluster;
    const { group, to, dryRun, reason } = input.body;
    if (from === to) throw requestInvalid([{ field: 'body.to', message: 'is the cluster that the group is on' }]);
    const [source, target] = [await this.#side(from, input.signal), await this.#side(to, input.signal)];
    const request = { group, from, to, dryRun };
    if (dryRun) return failoverView(request, await planGroupFailover(this.relay.db, group, source, target), []);
    const failover = auditedFailover(this.relay.db, {
      group,
      source,
      target,
      ...(reason === undefined ? {} : { reason }),
    });
    return this.writes.runOutside(input, failover, ({ plan, outcomes }) => failoverView(request, plan, outcomes));
  }

  async #side(name: string, signal: AbortSignal): Promise<FailoverSide> {
    const { status, here } = await reachableCluster(this.relay.db, this.relay.clusters, name);
    const time = { signal, sleep: systemSleep, now: () => performance.now(), random: Math.random };
    return { name, clusterId: status.clusterId, client: patientGroups(here.client, time) };
  }
}
