import type { LeaseHolderAnswer } from './answers.ts';

/** Answers of the relay about Kafka clusters, as they are sent; its OpenAPI document describes them. 64-bit numbers are text. */

export interface ClusterAnswer {
  readonly name: string;
  readonly configuredHere: boolean;
  readonly required: boolean;
  readonly mode: 'exact' | 'at-least-once' | null;
  readonly modeReason: string | null;
  readonly kafkaClusterId: string | null;
  readonly publisher: LeaseHolderAnswer | null;
  readonly thisInstancePublishes: boolean;
  readonly trouble: string | null;
  readonly topics: { readonly publishing: number; readonly notRouted: number; readonly refused: number };
  readonly partitions: number;
  readonly troubled: number;
  readonly segments: number;
  readonly deltaZeroEverywhere: boolean;
  readonly placeholders: number;
  readonly lag: { readonly messages: string; readonly seconds: number };
  readonly canary: {
    readonly sentAt: string;
    readonly readableMs: number | null;
    readonly failure: string | null;
  } | null;
}

export interface ClusterTopicAnswer {
  readonly topic: string;
  readonly nameOnCluster: string;
  readonly state: 'publishing' | 'not routed' | 'refused';
  readonly detail: string;
}

export interface ClusterDetailAnswer {
  readonly cluster: ClusterAnswer;
  readonly items: readonly ClusterTopicAnswer[];
  readonly nextCursor: string | null;
}

export interface ClusterTopicDetailAnswer extends ClusterTopicAnswer {
  readonly partitions: readonly {
    readonly partition: number;
    readonly ackedOffset: string;
    readonly endOffset: string;
    readonly lag: { readonly messages: string; readonly seconds: number };
    readonly delta: string | null;
    readonly segments: readonly { readonly fromOffset: string; readonly delta: string; readonly reason: string }[];
    readonly segmentsLeftOut: number;
    readonly trouble: string | null;
    readonly phase: string | null;
  }[];
}

export interface FailoverAnswer {
  readonly group: string;
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly ready: boolean;
  readonly complete: boolean;
  readonly membersOnSource: number;
  readonly membersOnTarget: number;
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly fromOffset: string;
    readonly verdict: 'copy' | 'behind' | 'not there' | 'foreign';
    readonly toTopic: string | null;
    readonly toOffset: string | null;
    readonly previousOffset: string | null;
    readonly lacking: string;
    readonly detail: string;
    readonly done: 'committed' | 'failed' | 'nothing';
  }[];
}

export interface TranslateAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly from: { readonly cluster: string; readonly offset: string };
  readonly to: { readonly cluster: string; readonly offset: string };
  readonly logOffset: string;
  readonly skipped: string;
  readonly present: boolean;
  readonly lacking: string;
}

export interface VerifyCountsAnswer {
  readonly identical: boolean;
  readonly compared: string;
  readonly matching: string;
  readonly missing: string;
  readonly doubled: string;
  readonly foreign: string;
  readonly differing: string;
  readonly pending: string;
  readonly expired: string;
  readonly pruned: string;
}

export interface VerifyReportAnswer extends VerifyCountsAnswer {
  readonly cluster: string;
  readonly findings: number;
  readonly tookMs: number;
  readonly partitions: readonly (VerifyCountsAnswer & { readonly topic: string; readonly partition: number })[];
  readonly partitionsLeftOut: number;
}

export interface FindingAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly kind: 'missing' | 'doubled' | 'foreign' | 'differing';
  readonly clusterOffset: string;
  readonly logOffset: string | null;
  readonly messageId: string | null;
  readonly detail: string;
}
