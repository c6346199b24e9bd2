import type { ConsumerObserver } from './consumer-observer.ts';

/** One observer that tells all of these, in their order: logs and metrics, say. */
export function allObservers(...observers: readonly ConsumerObserver[]): ConsumerObserver {
  return {
    starting: (...told) => observers.forEach((one) => one.starting?.(...told)),
    handled: (...told) => observers.forEach((one) => one.handled?.(...told)),
    tryFailed: (...told) => observers.forEach((one) => one.tryFailed?.(...told)),
    batchSplit: (...told) => observers.forEach((one) => one.batchSplit?.(...told)),
    movedOn: (...told) => observers.forEach((one) => one.movedOn?.(...told)),
    breakerChanged: (...told) => observers.forEach((one) => one.breakerChanged?.(...told)),
    paused: (...told) => observers.forEach((one) => one.paused?.(...told)),
    resumed: (...told) => observers.forEach((one) => one.resumed?.(...told)),
    assigned: (...told) => observers.forEach((one) => one.assigned?.(...told)),
    revoked: (...told) => observers.forEach((one) => one.revoked?.(...told)),
    topicMissing: (...told) => observers.forEach((one) => one.topicMissing?.(...told)),
    skipped: (...told) => observers.forEach((one) => one.skipped?.(...told)),
    committed: (...told) => observers.forEach((one) => one.committed?.(...told)),
    failed: (...told) => observers.forEach((one) => one.failed?.(...told)),
  } satisfies Required<ConsumerObserver>;
}
