import { backoffMs } from '#libs/foundation/kernel';
import { LOST, type ProduceRule } from './produce-rules.ts';

export interface FailedBatch {
  readonly rule: ProduceRule;
  readonly detail: string | null;
  readonly records: number;
  readonly fragile: boolean;
  /** The one record is a placeholder already. */
  readonly placeholder: boolean;
  /** Of its first record; null for a batch without sequences, and for one that was never sent. */
  readonly sequence: number | null;
}

export interface LaneTroubles {
  /** Failures in a row without an ack in between. */
  readonly failures: number;
  /** Refusals in a row of a first sequence, by a broker that did not know our producer; this one is counted. */
  readonly firstRefusals: number;
  readonly timestampsClamped: boolean;
}

export interface FailureWaits {
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly blockMinMs: number;
  readonly blockMaxMs: number;
  readonly requestTimeoutMs: number;
}

/** What a lane does once all of its batches are answered and one of them failed. */
export type Recovery =
  | { readonly kind: 'locate'; readonly trouble: string | null }
  | { readonly kind: 'wait'; readonly ms: number; readonly trouble: string | null }
  /** The cluster takes no first sequence but 0: waits, unless exact mode may be left. */
  | { readonly kind: 'no-first-sequence'; readonly ms: number; readonly trouble: string }
  /** Nothing may be sent until the lost batch cannot arrive any more, even if the broker still knows our sequence. */
  | { readonly kind: 'quarantine'; readonly ms: number }
  | { readonly kind: 'halve' }
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'clamp' }
  | { readonly kind: 'stop'; readonly detail: string };

/** Troubles of a second or two are not worth a line in a status. */
const QUIET_FAILURES = 3;

/**
 * A first sequence that was refused so often, each time after the broker had said that it does not know us, is refused for
 * good: by the rules of Kafka such a broker takes any. Fewer may be late news between a leader and its replacement.
 */
const FIRST_REFUSALS = 3;

export function afterFailure(failed: FailedBatch, lane: LaneTroubles, waits: FailureWaits, random: number): Recovery {
  const { rule } = failed;
  switch (rule.action) {
    case 'split':
      if (failed.records > 1) return { kind: 'halve' };
      if (!failed.placeholder) return { kind: 'placeholder' };
      return blocked({ ...failed, rule: { ...rule, remedy: TINY } }, lane, waits, random);
    case 'clamp':
      return lane.timestampsClamped ? blocked(failed, lane, waits, random) : { kind: 'clamp' };
    case 'block':
      return blocked(failed, lane, waits, random);
    case 'stop':
      return { kind: 'stop', detail: describe(failed) };
    default:
      break;
  }
  if (failed.fragile && rule.code === LOST.code) return { kind: 'quarantine', ms: waits.requestTimeoutMs };
  if (lane.firstRefusals > FIRST_REFUSALS) {
    const { ms, trouble } = blocked({ ...failed, rule: { ...rule, remedy: FIRST_SEQUENCE } }, lane, waits, random);
    return { kind: 'no-first-sequence', ms, trouble };
  }
  const trouble = lane.failures >= QUIET_FAILURES ? describe(failed) : null;
  if (lane.failures === 0) return { kind: 'locate', trouble };
  const ms = backoffMs(lane.failures - 1, { minMs: waits.retryMinMs, maxMs: waits.retryMaxMs }, random);
  return { kind: 'wait', ms, trouble };
}

const TINY = 'it takes not even a placeholder: raise max.message.bytes of the topic';
const FIRST_SEQUENCE =
  'this broker takes no first sequence but 0 from a producer that it does not know; let mode be auto, or at-least-once';

function blocked(failed: FailedBatch, lane: LaneTroubles, waits: FailureWaits, random: number) {
  const ms = backoffMs(lane.failures, { minMs: waits.blockMinMs, maxMs: waits.blockMaxMs }, random);
  return { kind: 'wait', ms, trouble: describe(failed) } as const;
}

function describe({ rule, detail, records }: FailedBatch): string {
  const said = detail === null || detail === '' ? '' : ` (${detail})`;
  const remedy = rule.remedy === undefined ? '' : `; ${rule.remedy}`;
  return `${rule.name}${said} for a batch of ${records} records${remedy}`;
}
