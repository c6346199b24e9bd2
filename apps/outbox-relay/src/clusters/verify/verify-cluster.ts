import {
  ClusterReader,
  type Finding,
  FINDINGS_LISTED_MAX,
  type ListingRoom,
  type VerifyReport,
} from '#libs/movers/publisher';
import type { RoutedTopic } from '#libs/stores/log';
import { refilled } from './await-refill.ts';
import { interleaved } from './interleaved.ts';
import { type PartitionEvent, partitionVerifications } from './partition-verifications.ts';
import { TopicProgress } from './topic-progress.ts';
import { topicsToVerify } from './topics-to-verify.ts';
import { countsOf, sumOf, type VerifyCounts } from './verify-counts.ts';
import { shareOf, VERIFY_LIMITS, type VerifyLimits } from './verify-limits.ts';
import type { PartitionPlace, VerifyParts } from './verify-parts.ts';

export interface VerifyWanted {
  /** All that are published there, when undefined. */
  readonly topic?: string;
  /** Needs the topic. */
  readonly partition?: number;
  /** Has the publisher put back what is missing at the end of partitions, and verifies those again. */
  readonly repair: boolean;
}

export interface VerifiedPartition extends PartitionPlace {
  readonly counts: VerifyCounts;
}

export type VerifyEvent =
  | { readonly event: 'begin'; readonly topics: number }
  | (PartitionPlace & { readonly event: 'progress'; readonly done: bigint; readonly total: bigint } & Done)
  | { readonly event: 'finding'; readonly topic: string; readonly finding: Finding }
  | (PartitionPlace & { readonly event: 'repair'; readonly missing: bigint; readonly state: RepairState })
  | {
      readonly event: 'report';
      readonly counts: VerifyCounts;
      /** Findings that were told; the others are counted only. */
      readonly findings: number;
      readonly partitions: readonly VerifiedPartition[];
      readonly tookMs: number;
    };

interface Done {
  /** Topics of which all partitions are done. */
  readonly topicsDone: number;
  readonly topics: number;
}

type RepairState = 'asked' | 'refilled' | 'not refilled';

/** Progress is told at most so often. */
const PROGRESS_MS = 250;

/** One verification of a cluster, from its beginning to its report: partitions of all topics, several at a time. */
export class ClusterVerification {
  readonly #parts: VerifyParts;
  readonly #wanted: VerifyWanted;
  readonly #limits: VerifyLimits;
  readonly #results = new Map<
    string,
    PartitionPlace & { readonly ackedOffset: bigint; readonly report: VerifyReport }
  >();
  readonly #room: ListingRoom = { left: FINDINGS_LISTED_MAX };
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: VerifyParts, wanted: VerifyWanted, limits: VerifyLimits = VERIFY_LIMITS) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.#limits = limits;
  }

  /**
   * Runs it. The first event comes once what is asked for is found to exist; the last one is the report. Throws what
   * topicsToVerify throws, then what reading either side throws, and the signal's reason.
   */
  async *events(): AsyncGenerator<VerifyEvent> {
    const startedAt = this.#parts.now();
    const topics = await topicsToVerify(this.#parts, this.#wanted);
    yield { event: 'begin', topics: topics.length };
    const { partition } = this.#wanted;
    const all = topics.map((topic) => ({ topic, ...(partition === undefined ? {} : { partition }) }));
    yield* this.#verify(all, { topicsDone: 0, topics: all.length });
    if (this.#wanted.repair) yield* this.#repair(topics);
    const partitions = [...this.#results.values()].toSorted(inOrder).map(({ topic, partition, report }) => {
      return { topic, partition, counts: countsOf(report) };
    });
    const counts = sumOf(partitions.map((each) => each.counts));
    const findings = FINDINGS_LISTED_MAX - this.#room.left;
    yield { event: 'report', counts, findings, partitions, tookMs: this.#parts.now() - startedAt };
  }

  /** `before`: what is done already, of how much. */
  async *#verify(wanted: readonly TopicWanted[], before: Done): AsyncGenerator<VerifyEvent> {
    const progress = new TopicProgress();
    const verifications = this.#verifications(wanted, progress);
    for await (const step of interleaved(verifications, this.#limits.partitions)) {
      const { topic, partition } = step;
      if (step.kind === 'verified') {
        this.#results.set(`${topic}/${partition}`, step);
        progress.partitionDone(topic);
      } else if (step.kind === 'findings') {
        for (const finding of step.findings) yield { event: 'finding', topic, finding };
      } else if (this.#parts.now() - this.#toldAt >= PROGRESS_MS) {
        this.#toldAt = this.#parts.now();
        const { done, total } = step;
        const topicsDone = before.topicsDone + progress.done;
        yield { event: 'progress', topic, partition, done, total, topicsDone, topics: before.topics };
      }
    }
  }

  /** The partitions of one topic after the other: each topic is looked at when its turn comes. */
  async *#verifications(
    wanted: readonly TopicWanted[],
    progress: TopicProgress,
  ): AsyncGenerator<AsyncGenerator<PartitionEvent>> {
    const options = { room: this.#room, bytes: shareOf(this.#limits) };
    for (const { topic, ...of } of wanted) {
      const verifications = await partitionVerifications(this.#parts, topic, { ...of, ...options });
      progress.began(topic.topic, verifications.length);
      yield* verifications;
    }
  }

  async *#repair(topics: readonly RoutedTopic[]): AsyncGenerator<VerifyEvent> {
    const lost = [...this.#results.values()].filter(({ report }) => report.missingAtEnd > 0n).toSorted(inOrder);
    if (lost.length === 0) return;
    await this.#parts.askForRepair(lost.map(({ topic, partition }) => ({ topic, partition })));
    for (const { topic, partition, report } of lost)
      yield { event: 'repair', topic, partition, missing: report.missingAtEnd, state: 'asked' };
    for (const [index, { topic, partition, report, ackedOffset }] of lost.entries()) {
      const routed = topics.find((each) => each.topic === topic)!;
      const { client, sleep, random, signal } = this.#parts;
      const reader = new ClusterReader({ client, topic: routed.name, sleep, random, signal });
      const whole = await refilled(this.#parts, { topic, partition }, ackedOffset, reader);
      const state = whole ? 'refilled' : 'not refilled';
      yield { event: 'repair', topic, partition, missing: report.missingAtEnd, state };
      yield* this.#verify([{ topic: routed, partition }], { topicsDone: index, topics: lost.length });
    }
  }
}

interface TopicWanted {
  readonly topic: RoutedTopic;
  readonly partition?: number;
}

function inOrder(one: PartitionPlace, other: PartitionPlace): number {
  if (one.topic === other.topic) return one.partition - other.partition;
  return one.topic < other.topic ? -1 : 1;
}
