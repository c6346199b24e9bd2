/** Kafka's name of the setting by which a group takes a silent member for dead. */
const SESSION_TIMEOUT = 'consumer.session.timeout.ms';
/** Share of the group's time after which its member stops by itself, so that clocks of unequal speed do no harm. */
export const SAFE_SHARE = 0.95;

/**
 * How long a member may believe in what it owns without hearing from the group, ms. Where the group's settings cannot be
 * seen: the heartbeat interval, for brokers take no session timeout that is not longer.
 */
export function leaseOf(configs: ReadonlyMap<string, string> | undefined, heartbeatIntervalMs: number): number {
  const sessionMs = Number(configs?.get(SESSION_TIMEOUT) ?? Number.NaN);
  return Number.isFinite(sessionMs) && sessionMs > 0 ? Math.floor(sessionMs * SAFE_SHARE) : heartbeatIntervalMs;
}
