import type { Metadata, RuleSet } from '#libs/formats/schema';
import type { ChangeAuthor, ConfigChange, ConfigRecord, ExplainedDifference, SubjectName } from '../registry.ts';

/**
 * A reference within a plan. `version` absent, 'latest' or -1: the version that the plan makes of the subject, else its latest
 * one. A number that an item of the plan is called by means what that item becomes, any other one the version of the registry.
 */
export interface PlannedReference {
  readonly name: string;
  readonly subject: SubjectName;
  readonly version?: number | 'latest' | null;
}

/** A schema that a subject shall have. */
export interface PlanItem {
  readonly subject: SubjectName;
  /** The number by which references of the plan mean this item; the registry gives the real one. */
  readonly version?: number | null;
  readonly schemaType?: string | null;
  readonly schema: string;
  readonly references?: readonly PlannedReference[] | null;
  /** Absent: those of the version before, as in every registration. */
  readonly metadata?: Metadata | null;
  readonly ruleSet?: RuleSet | null;
}

export interface PlanRequest {
  /** Items of one subject are registered in their order. */
  readonly items: readonly PlanItem[];
  /** Applied before the items, so that they are judged by it. An empty subject means the default context. */
  readonly configs: readonly { readonly subject: SubjectName; readonly config: ConfigChange }[];
  readonly normalize: boolean;
}

/** SKIPPED: not tried, because an item that it refers to was refused. */
export type PlanOutcome = 'UNCHANGED' | 'NEW_SUBJECT' | 'NEW_VERSION' | 'REFUSED' | 'SKIPPED';

export interface PlannedItem {
  readonly subject: SubjectName;
  /** As in the request. */
  readonly name?: number;
  readonly outcome: PlanOutcome;
  /** What it is registered as, or would be; absent when it is refused or skipped. */
  readonly version?: number;
  readonly id?: number;
  /** Canonical; absent when it is unchanged, refused or skipped. */
  readonly schema?: string;
  /** The level that it is judged by. */
  readonly compatibilityLevel?: string;
  /** The latest live version before; absent when there is none, or nothing changes. */
  readonly previous?: { readonly version: number; readonly schemaType: string; readonly schema: string };
  /** Why it is refused or skipped, in Confluent's codes. */
  readonly refusal?: {
    readonly errorCode: number;
    readonly message: string;
    readonly reasons: readonly ExplainedDifference[];
  };
}

export interface PlannedConfig {
  readonly subject: SubjectName;
  readonly before: ConfigRecord;
  readonly after: ConfigRecord;
}

export interface PlanResult {
  /** False: nothing was changed. */
  readonly applied: boolean;
  /** In the order of the request. */
  readonly items: readonly PlannedItem[];
  /** Only those that change something. */
  readonly configs: readonly PlannedConfig[];
}

export const PLAN_LIMITS = {
  items: 1_000,
  configs: 1_000,
  /** Characters of all texts together. */
  characters: 8_388_608,
} as const;

/** Many changes at once, and what they would do. Every method rejects with RegistryError in Confluent's codes. */
export interface SchemaPlans {
  /** What a plan would do; nothing is changed. Takes the locks of what it would change until it is done. */
  plan(request: PlanRequest, by: ChangeAuthor): Promise<PlanResult>;
  /** Carries a plan out in one transaction, with the audit entry and message of each change: all of it, or nothing. */
  applyPlan(request: PlanRequest, by: ChangeAuthor): Promise<PlanResult>;
}
