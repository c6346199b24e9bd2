import { z } from 'zod';
import { zInt64Text } from '#libs/foundation/http';
import { type CommitOutcome, find, type GroupFailoverPlan } from '../../clusters/failover-group.ts';

export const zFailover = z
  .strictObject({
    group: z.string(),
    from: z.string(),
    to: z.string(),
    dryRun: z.boolean(),
    ready: z.boolean().meta({ description: 'False while the target lacks records; nothing is copied then.' }),
    complete: z.boolean().meta({ description: 'Every offset that was to be copied is committed, and was read back.' }),
    membersOnSource: z.int().meta({ description: 'Members that still run there: what they commit is not copied.' }),
    membersOnTarget: z.int(),
    partitions: z.array(
      z.strictObject({
        topic: z.string().meta({ description: 'As the source cluster names it.' }),
        partition: z.int(),
        fromOffset: zInt64Text,
        verdict: z.enum(['copy', 'behind', 'not there', 'foreign']),
        toTopic: z.string().nullable(),
        toOffset: zInt64Text.nullable(),
        previousOffset: zInt64Text.nullable().meta({ description: 'What was committed on the target before.' }),
        lacking: zInt64Text,
        detail: z.string(),
        done: z.enum(['committed', 'failed', 'nothing']),
      }),
    ),
  })
  .meta({ id: 'Failover' });

/** `outcomes` in the order of the plan; none for a dry run. */
export function failoverView(
  request: { readonly group: string; readonly from: string; readonly to: string; readonly dryRun: boolean },
  plan: GroupFailoverPlan,
  outcomes: readonly (CommitOutcome | undefined)[],
): z.output<typeof zFailover> {
  const partitions = plan.partitions.map((each, index) => {
    const outcome = outcomes[index];
    const failed = typeof outcome === 'object' ? outcome.failed : undefined;
    const previous = each.to === null ? undefined : find(plan.before, { ...each.to, partition: each.partition });
    return {
      topic: each.topic,
      partition: each.partition,
      fromOffset: each.fromOffset.toString(),
      verdict: each.verdict,
      toTopic: each.to?.topic ?? null,
      toOffset: each.to?.offset.toString() ?? null,
      previousOffset: previous?.offset.toString() ?? null,
      lacking: each.lacking.toString(),
      detail: failed ?? each.detail,
      done: doneBy(outcome),
    };
  });
  const { ready, membersOnSource, membersOnTarget } = plan;
  const complete = partitions.every(({ verdict, done }) => verdict === 'foreign' || done === 'committed');
  return { ...request, ready, complete, membersOnSource, membersOnTarget, partitions };
}

function doneBy(outcome: CommitOutcome | undefined): 'committed' | 'failed' | 'nothing' {
  if (outcome === undefined) return 'nothing';
  return outcome === 'committed' ? 'committed' : 'failed';
}
