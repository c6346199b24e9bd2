import { TidemarkError } from '#libs/foundation/kernel';
import type { ClusterLease } from '#libs/stores/log';
import type { PublisherOptions } from '../publisher-options.ts';
import type { PublisherParts } from '../publisher-parts.ts';
import { ClusterView } from './cluster-view.ts';
import { ExactModeDoubt } from './exact-mode-doubt.ts';
import { LaneTable } from './lane-table.ts';
import { LeaseGuard } from './lease-guard.ts';
import { PublishingSession } from './publishing-session.ts';
import type { SessionTime } from './session-context.ts';
import { settleIdentity } from './settle-identity.ts';

/**
 * Takes the lease of a cluster and prepares publishing to it; undefined while another publisher has it. When the cluster does not
 * answer, the lease is given back, and the error is thrown; so it is, with SHUTTING_DOWN, when it is to stop meanwhile.
 */
export async function openSession(
  cluster: string,
  parts: PublisherParts,
  options: PublisherOptions,
  time: SessionTime,
  stopping: AbortSignal,
): Promise<PublishingSession | undefined> {
  const { store, observer, client } = parts;
  const { holder, info, leaseMs, leaseMarginMs, required } = options;
  const askedAt = time.now();
  const acquired = await store.acquire({ name: cluster, required }, holder, info, leaseMs);
  if (acquired === undefined) return undefined;
  const { identity: stored, ...lease } = acquired;
  const guard = new LeaseGuard(leaseMs, leaseMarginMs, askedAt);
  try {
    const settled = unlessStopped(settleIdentity(client, options.mode, stored), stopping);
    const { identity, seesLogEnds } = await whileRenewing(settled, guard, lease, parts, options, time);
    if (!(await store.saveIdentity(lease, identity)))
      throw new TidemarkError('LEASE_LOST', `another publisher has taken ${cluster} over`);
    const [topics, partitions] = await Promise.all([store.topics(lease.clusterId), store.partitions(lease.clusterId)]);
    observer.ledSince(lease.term, identity.mode, identity.modeReason ?? '');
    const exact = identity.mode === 'exact';
    return new PublishingSession(
      {
        parts,
        options,
        time,
        lease,
        guard,
        producer: exact ? identity.producer : null,
        mode: identity.mode,
        exactMode: new ExactModeDoubt(),
        seesLogEnds,
        lanes: new LaneTable(),
        view: new ClusterView(client, time.now),
      },
      identity,
      {
        topics: new Map(topics.map((topic) => [topic.topicId, topic])),
        partitions: new Map(partitions.map((each) => [`${each.topicId}/${each.partition}`, each])),
      },
    );
  } catch (error) {
    // What matters is why; if the lease cannot be given back either, it expires.
    await store.release(lease).catch((second: unknown) => observer.failed('release', second));
    throw error;
  }
}

/** Does not wait for a cluster that is away when the process wants to end. */
async function unlessStopped<T>(work: Promise<T>, stopping: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new TidemarkError('SHUTTING_DOWN', 'the publisher stops before the cluster has answered'));
    if (stopping.aborted) stop();
    else stopping.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

/** Waits for a cluster that may answer slowly, without losing the lease over it. */
async function whileRenewing<T>(
  work: Promise<T>,
  guard: LeaseGuard,
  lease: ClusterLease,
  { store, observer }: PublisherParts,
  { leaseMs }: PublisherOptions,
  time: SessionTime,
): Promise<T> {
  const ended = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await time.sleep(leaseMs / 3, ended.signal);
      if (ended.signal.aborted || guard.lost) return;
      const askedAt = time.now();
      if (await store.renew(lease, leaseMs)) guard.renewed(askedAt);
      else guard.lose();
    }
  })().catch((error: unknown) => observer.failed('renew', error));
  try {
    return await work;
  } finally {
    ended.abort();
    await renewing;
  }
}
