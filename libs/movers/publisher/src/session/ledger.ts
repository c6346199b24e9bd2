import { TidemarkError } from '#libs/foundation/kernel';
import type { ClusterTopic, PartitionProgress, ChangedSegments } from '#libs/stores/log';
import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** As many as a broker is asked for at once. */
const LANES_A_TURN = 200;

/**
 * Writes to Postgres where publishing stands, one write after the other, each under the lease's term. Segments go before the
 * progress that they explain: after a crash in between, the cluster's records tell the rest.
 */
export class Ledger {
  readonly #context: SessionContext;
  #writing: Promise<void> = Promise.resolve();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Acked offsets, segments and troubles of lanes; also renews the lease, even without lanes. Throws LEASE_LOST. */
  save(lanes: readonly Lane[]): Promise<void> {
    return this.#inTurn(() => this.#save(lanes));
  }

  /** Everything that must be known before a lane's first batch is sent. Throws LEASE_LOST. */
  async saveOpening(lanes: readonly Lane[]): Promise<void> {
    // Turns are kept short, for the lease is renewed in turn with them.
    for (let from = 0; from < lanes.length; from += LANES_A_TURN)
      await this.#inTurn(() => this.#saveOpening(lanes.slice(from, from + LANES_A_TURN)));
  }

  async #saveOpening(lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes) await this.#savePlaceholder(lane);
    await this.#save(lanes.filter((lane) => lane.dirty || lane.map !== lane.savedMap));
    const unopened = lanes.filter((lane) => !lane.everOpened);
    if (unopened.length === 0) return;
    const { parts, lease } = this.#context;
    this.#must(await parts.store.markOpened(lease, unopened.map(placeOf)));
    for (const lane of unopened) lane.everOpened = true;
  }

  saveTopics(topics: readonly ClusterTopic[]): Promise<void> {
    return this.#inTurn(async () => {
      const { parts, lease } = this.#context;
      this.#must(await parts.store.saveTopics(lease, topics));
    });
  }

  async #save(lanes: readonly Lane[]): Promise<void> {
    try {
      await this.#saveAll(lanes);
    } catch (error) {
      for (const lane of lanes) lane.dirty = true;
      throw error;
    }
  }

  async #saveAll(lanes: readonly Lane[]): Promise<void> {
    const { parts, lease, options, guard, time } = this.#context;
    const progress: PartitionProgress[] = [];
    const segments: ChangedSegments[] = [];
    const maps = new Map<Lane, Lane['map']>();
    for (const lane of lanes) {
      // Both are read together: progress may not be newer than the segments that explain it.
      progress.push({
        ...placeOf(lane),
        ackedOffset: lane.acked,
        ackedPosition: lane.ackedPosition,
        trouble: lane.trouble,
      });
      lane.dirty = false;
      maps.set(lane, lane.map);
      const changes = lane.map.changesSince(lane.savedMap);
      if (changes.length > 0) segments.push({ ...placeOf(lane), segments: changes });
    }
    if (segments.length > 0) this.#must(await parts.store.saveSegments(lease, segments));
    for (const [lane, map] of maps) lane.savedMap = map;
    const askedAt = time.now();
    if (progress.length === 0) this.#must(await parts.store.renew(lease, options.leaseMs));
    else this.#must(await parts.store.saveProgress(lease, options.leaseMs, progress));
    guard.renewed(askedAt);
  }

  async #savePlaceholder(lane: Lane): Promise<void> {
    const wanted = lane.placeholderToSave;
    if (wanted === undefined) return;
    const { parts, lease } = this.#context;
    this.#must(await parts.store.savePlaceholder(lease, { ...placeOf(lane), ...wanted, reason: 'too-large' }));
    lane.placeholders.add(wanted.offset);
    lane.placeholderToSave = undefined;
    parts.observer.placeholderMade(lane.start, wanted.offset);
  }

  #must(done: boolean): void {
    if (done) return;
    this.#context.guard.lose();
    throw new TidemarkError('LEASE_LOST', 'another publisher has taken the cluster over');
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const { guard } = this.#context;
    const turn = this.#writing.then(() => {
      if (guard.lost) throw new TidemarkError('LEASE_LOST', 'another publisher has taken the cluster over');
      return write();
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }
}

function placeOf(lane: Lane): { topicId: number; partition: number } {
  return { topicId: lane.start.topicId, partition: lane.start.partition };
}
