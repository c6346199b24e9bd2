import type { AuditedAction, OutsideResult, OutsideWrite } from '#libs/foundation/http';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import {
  type CommitOutcome,
  copyGroupOffsets,
  type FailoverSide,
  find,
  type GroupFailoverPlan,
  planGroupFailover,
  requireReady,
} from './failover-group.ts';

export interface FailoverRequest {
  readonly group: string;
  readonly source: FailoverSide;
  readonly target: FailoverSide;
  /** Why it is done, for the audit. */
  readonly reason?: string;
}

export interface FailoverDone {
  readonly plan: GroupFailoverPlan;
  /** In the order of the plan. */
  readonly outcomes: readonly (CommitOutcome | undefined)[];
}

/** Partitions that an audit entry names; what it leaves out it counts. */
const PARTITIONS_MAX = 10_000;

/**
 * A failover with its place in the audit: `group.failover` with every offset that is to be committed and what was committed there before,
 * then `group.failover-outcome`. Committing sets offsets, so that a repeat ends in the same state.
 */
export function auditedFailover(
  db: Queryable,
  request: FailoverRequest,
): OutsideWrite<GroupFailoverPlan, FailoverDone> {
  const { group, source, target, reason } = request;
  const way = { from: source.name, to: target.name };
  return {
    plan: async () => {
      const plan = await planGroupFailover(db, group, source, target);
      requireReady(plan, group, target.name);
      return plan;
    },
    intent: (plan) => ({
      action: 'group.failover',
      target: group,
      detail: { ...way, ...(reason === undefined ? {} : { reason }), ...listed('offsets', plannedOffsets(plan)) },
    }),
    carryOut: async (plan) => ({ plan, outcomes: await copyGroupOffsets(plan, group, target) }),
    outcome: (result) => outcomeOf(group, way, result),
  };
}

function plannedOffsets(plan: GroupFailoverPlan): unknown[] {
  return plan.partitions.flatMap(({ verdict, to, partition }) => {
    if (verdict !== 'copy' || to === null) return [];
    const before = find(plan.before, { topic: to.topic, partition })?.offset.toString() ?? null;
    return [{ topic: to.topic, partition, offset: to.offset.toString(), before }];
  });
}

function outcomeOf(group: string, way: object, result: OutsideResult<FailoverDone>): AuditedAction {
  const entry = { action: 'group.failover-outcome', target: group };
  if ('failed' in result) {
    // A defect is told in the log, with the request's id.
    const { code, message } =
      result.failed instanceof TidemarkError ? result.failed : new TidemarkError('INTERNAL', 'an unexpected error');
    return { ...entry, detail: { ...way, code, message } };
  }
  const { plan, outcomes } = result.done;
  const committed = outcomes.filter((each) => each === 'committed').length;
  const failed = plan.partitions.flatMap(({ to, partition }, index) => {
    const outcome = outcomes[index];
    return typeof outcome === 'object' ? [{ topic: to?.topic, partition, why: outcome.failed }] : [];
  });
  return { ...entry, detail: { ...way, committed, ...listed('failed', failed) } };
}

function listed(name: string, items: readonly unknown[]): Record<string, unknown> {
  const leftOut = items.length - PARTITIONS_MAX;
  return { [name]: items.slice(0, PARTITIONS_MAX), ...(leftOut > 0 ? { [`${name}LeftOut`]: leftOut } : {}) };
}
