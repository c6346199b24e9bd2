/** How a write to an aggregate takes its turn: which of the row lock and the message comes first. */
export type WriteOrder = 'update-then-emit' | 'lock-emit-update' | 'emit-then-update';

export type Step =
  | { readonly kind: 'write'; readonly aggregate: string; readonly order: WriteOrder }
  /** A message without a key: any order, but exactly once. */
  | { readonly kind: 'note' }
  /** An unrelated business write: gives the transaction its xid long before its first message. */
  | { readonly kind: 'unrelated' }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'savepoint' | 'release' | 'rollback-to' }
  | { readonly kind: 'lock-topic' }
  /** Lets this transaction escalate to the topic's lock after so many keys. */
  | { readonly kind: 'few-key-locks'; readonly max: number }
  /** Leaves the transaction's note in the session, as a pooled connection hands it to its next client. */
  | { readonly kind: 'leave-note-behind' };

export type Ending = 'commit' | 'rollback' | 'commit-prepared' | 'rollback-prepared' | 'terminated';

export interface TransactionPlan {
  readonly isolation: 'read committed' | 'repeatable read' | 'serializable';
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

export interface PlanOptions {
  /** Aggregates that all writers share. */
  readonly sharedAggregates: number;
  /** Names the aggregates that only this writer touches. */
  readonly writer: number;
  readonly twoPhase: boolean;
  readonly pauseMaxMs: number;
}

/** A transaction drawn at random: the same sequence of numbers gives the same plan. */
export function drawPlan(random: () => number, options: PlanOptions): TransactionPlan {
  const steps: Step[] = [];
  if (chance(random, 0.3)) steps.push({ kind: 'unrelated' });
  if (chance(random, 0.05)) steps.push({ kind: 'few-key-locks', max: 1 + whole(random, 3) });
  if (chance(random, 0.02)) steps.push({ kind: 'lock-topic' });
  const writes = 1 + whole(random, 4);
  let open = 0;
  for (let i = 0; i < writes; i++) {
    if (chance(random, 0.2)) steps.push(drawPause(random, options));
    if (chance(random, 0.25)) {
      steps.push({ kind: 'savepoint' });
      open += 1;
    }
    steps.push(chance(random, 0.15) ? { kind: 'note' } : drawWrite(random, options));
    if (open > 0 && chance(random, 0.6)) {
      steps.push({ kind: chance(random, 0.5) ? 'release' : 'rollback-to' });
      open -= 1;
    }
  }
  if (chance(random, 0.2)) steps.push(drawPause(random, options));
  if (chance(random, 0.1)) steps.push({ kind: 'leave-note-behind' });
  return { isolation: drawIsolation(random), steps, ending: drawEnding(random, options.twoPhase) };
}

/** Mostly short; one in ten is as long as a person's lunch, in proportion. */
function drawPause(random: () => number, options: PlanOptions): Step {
  return { kind: 'pause', ms: whole(random, chance(random, 0.1) ? options.pauseMaxMs : options.pauseMaxMs / 20) };
}

function drawWrite(random: () => number, options: PlanOptions): Step {
  const shared = chance(random, 0.7);
  const aggregate = shared
    ? `shared-${whole(random, options.sharedAggregates)}`
    : `own-${options.writer}-${whole(random, 3)}`;
  const orders: readonly WriteOrder[] = ['update-then-emit', 'lock-emit-update', 'emit-then-update'];
  return { kind: 'write', aggregate, order: orders[whole(random, orders.length)]! };
}

function drawIsolation(random: () => number): TransactionPlan['isolation'] {
  const drawn = random();
  return drawn < 0.7 ? 'read committed' : drawn < 0.85 ? 'repeatable read' : 'serializable';
}

function drawEnding(random: () => number, twoPhase: boolean): Ending {
  const drawn = random();
  if (drawn < 0.12) return 'rollback';
  if (drawn < 0.15) return 'terminated';
  if (drawn < 0.2 && twoPhase) return 'commit-prepared';
  if (drawn < 0.22 && twoPhase) return 'rollback-prepared';
  return 'commit';
}

const chance = (random: () => number, probability: number): boolean => random() < probability;
const whole = (random: () => number, below: number): number => Math.floor(random() * below);
