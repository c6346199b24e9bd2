import { Loop } from '#libs/foundation/lifecycle';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { Queryable } from '#libs/foundation/postgres';
import { readSequencerStatus } from '#libs/stores/log';
import { readHorizonHolders } from '#libs/stores/outbox';

const INTERVAL_MS = 5_000;
/** An open writer is named in the log once it is this old, and again after as long. */
const WARN_AFTER_MS = 60_000;

/** Measures how far the log is behind its writers, and names the open transaction that holds the horizon for long. */
export function lagLoop(db: Queryable, logger: Logger, metrics: Metrics): Loop {
  const lagMessages = metrics.gauge({
    name: 'outbox_lag_messages',
    help: 'Committed messages that are not in the log yet.',
  });
  const lagSeconds = metrics.gauge({ name: 'outbox_lag_seconds', help: 'Age of the oldest of them.' });
  const leaders = metrics.gauge({ name: 'sequencer_leaders', help: '1 while any instance leads, else 0.' });
  const heldSeconds = metrics.gauge({
    name: 'outbox_horizon_held_seconds',
    help: 'Age of the oldest open transaction that has written a message and so holds the horizon; 0 when there is none.',
  });
  let warnedAt = 0;

  return new Loop({
    name: 'lag',
    step: async () => {
      const [status, holders] = [await readSequencerStatus(db), await readHorizonHolders(db)];
      lagMessages.set(Number(status.lagMessages));
      lagSeconds.set(status.lagMs / 1000);
      leaders.set(status.leader === null ? 0 : 1);
      const oldest = holders.reduce((age, holder) => Math.max(age, holder.ageMs ?? 0), 0);
      heldSeconds.set(oldest / 1000);
      const first = holders[0];
      if (first !== undefined && oldest > WARN_AFTER_MS && Date.now() - warnedAt > WARN_AFTER_MS) {
        warnedAt = Date.now();
        logger.warn('an open transaction holds the horizon', {
          pid: first.pid,
          preparedId: first.preparedId,
          ageMs: first.ageMs,
          state: first.state,
          applicationName: first.applicationName,
          fence: first.fence.toString(),
        });
      }
      return { waitMs: INTERVAL_MS };
    },
    onError: (error) => {
      logger.debug('measuring the lag failed', { error });
      return { waitMs: INTERVAL_MS };
    },
  });
}
