import { ClusterReader, type Finding, FINDINGS_LISTED_MAX, type VerifyReport } from '#libs/movers/publisher';
import type { RoutedTopic } from '#libs/stores/log';
import { refilled } from './await-refill.ts';
import { topicsToVerify } from './topics-to-verify.ts';
import { countsOf, sumOf, type VerifyCounts } from './verify-counts.ts';
import type { PartitionPlace, VerifyParts } from './verify-parts.ts';
import { verifyTopic } from './verify-topic.ts';

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
  readonly topicsDone: number;
  readonly topics: number;
}

type RepairState = 'asked' | 'refilled' | 'not refilled';

/** Progress is told at most so often. */
const PROGRESS_MS = 250;

/** One verification of a cluster, from its beginning to its report. */
export class ClusterVerification {
  readonly #parts: VerifyParts;
  readonly #wanted: VerifyWanted;
  readonly #results = new Map<
    string,
    PartitionPlace & { readonly ackedOffset: bigint; readonly report: VerifyReport }
  >();
  #findings = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: VerifyParts, wanted: VerifyWanted) {
    this.#parts = parts;
    this.#wanted = wanted;
  }

  /**
   * Runs it. The first event comes once what is asked for is found to exist; the last one is the report. Throws what
   * topicsToVerify throws, then what reading either side throws, and the signal's reason.
   */
  async *events(): AsyncGenerator<VerifyEvent> {
    const startedAt = this.#parts.now();
    const topics = await topicsToVerify(this.#parts, this.#wanted);
    yield { event: 'begin', topics: topics.length };
    for (const [index, topic] of topics.entries())
      yield* this.#verify(topic, this.#wanted.partition, { topicsDone: index, topics: topics.length });
    if (this.#wanted.repair) yield* this.#repair(topics);
    const partitions = [...this.#results.values()].map(({ topic, partition, report }) => {
      return { topic, partition, counts: countsOf(report) };
    });
    const counts = sumOf(partitions.map((each) => each.counts));
    yield { event: 'report', counts, findings: this.#findings, partitions, tookMs: this.#parts.now() - startedAt };
  }

  async *#verify({ topic, ...routed }: RoutedTopic, partition: number | undefined, done: Done) {
    const findingsLeft = FINDINGS_LISTED_MAX - this.#findings;
    for await (const step of verifyTopic(this.#parts, { topic, ...routed }, { partition, findingsLeft })) {
      if (step.kind === 'partition') {
        const { kind: _, ...result } = step;
        this.#results.set(`${topic}/${step.partition}`, { topic, ...result });
      } else if (step.kind === 'finding') {
        this.#findings += 1;
        yield { event: 'finding', topic, finding: step.finding } as const;
      } else if (this.#parts.now() - this.#toldAt >= PROGRESS_MS) {
        this.#toldAt = this.#parts.now();
        yield {
          event: 'progress',
          topic,
          partition: step.partition,
          done: step.done,
          total: step.total,
          ...done,
        } as const;
      }
    }
  }

  async *#repair(topics: readonly RoutedTopic[]): AsyncGenerator<VerifyEvent> {
    const lost = [...this.#results.values()].filter(({ report }) => report.missingAtEnd > 0n);
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
      yield* this.#verify(routed, partition, { topicsDone: index, topics: lost.length });
    }
  }
}
