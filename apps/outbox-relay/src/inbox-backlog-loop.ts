import { Loop } from '#libs/foundation/lifecycle';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { Queryable } from '#libs/foundation/postgres';
import { type BacklogCount, readInboxBacklog } from '#libs/stores/inbox';

const INTERVAL_MS = 5_000;

/** Measures what waits in the inbox of the database, and for how long, whatever consumers are there or not. */
export function inboxBacklogLoop(db: Queryable, logger: Logger, metrics: Metrics): Loop {
  const pair = (name: string, what: string): ((backlog: BacklogCount) => void) => {
    const count = metrics.gauge({ name: `inbox_${name}`, help: `${what}, counted up to 10,000.` });
    const seconds = metrics.gauge({
      name: `inbox_${name}_oldest_seconds`,
      help: 'Age of the oldest of them; 0 when there is none.',
    });
    return (backlog) => {
      count.set(backlog.count);
      seconds.set(backlog.oldestMs / 1_000);
    };
  };
  const tellBlocked = pair('blocked_keys', 'Keys whose later messages are parked');
  const tellParked = pair('parked_messages', 'Messages that are parked behind a blocked key');
  const tellDead = pair('dead_messages', 'Messages in a dlq that are not resolved');

  return new Loop({
    name: 'inbox backlog',
    step: async () => {
      const { blockedKeys, parkedMessages, deadMessages } = await readInboxBacklog(db);
      tellBlocked(blockedKeys);
      tellParked(parkedMessages);
      tellDead(deadMessages);
      return { waitMs: INTERVAL_MS };
    },
    onError: (error) => {
      logger.debug('measuring the backlog of the inbox failed', { error });
      return { waitMs: INTERVAL_MS };
    },
  });
}
