import type { Logger, Metrics } from '#libs/foundation/observability';
import type { SequencerObserver } from '#libs/movers/sequencer';

/** Logs and measures what the sequencer does: one line per change of leadership, one per placeholder step, none per batch above debug. */
export function sequencerTelemetry(logger: Logger, metrics: Metrics): SequencerObserver {
  const leading = metrics.gauge({ name: 'sequencer_leading', help: '1 while this instance leads, else 0.' });
  const term = metrics.gauge({ name: 'sequencer_term', help: 'Term of the leadership this instance last held.' });
  const messages = metrics.counter({
    name: 'sequencer_messages_total',
    help: 'Messages moved into the log by this instance.',
  });
  const batches = metrics.counter({ name: 'sequencer_batches_total', help: 'Batches appended by this instance.' });
  const placeholders = metrics.counter({
    name: 'sequencer_placeholders_total',
    help: 'Messages that got a placeholder record.',
  });
  const failures = metrics.counter({
    name: 'sequencer_failures_total',
    help: 'Steps that failed and are tried again.',
  });
  const read = metrics.histogram({ name: 'sequencer_read_seconds', help: 'Reading and planning of a step.' });
  const commit = metrics.histogram({ name: 'sequencer_commit_seconds', help: 'Committing of a step.' });
  leading.set(0);
  return {
    ledSince: (newTerm, cursor) => {
      leading.set(1);
      term.set(Number(newTerm));
      logger.info('sequencer leads', { term: newTerm.toString(), cursor: cursor.toString() });
    },
    ledNoMore: (oldTerm, reason) => {
      leading.set(0);
      logger.info('sequencer leads no more', { term: oldTerm.toString(), reason });
    },
    failed: (error) => {
      failures.inc();
      logger.warn('sequencer step failed', { error });
    },
    committed: (step) => {
      messages.inc(step.messages);
      batches.inc(step.batches);
      read.observe(step.readMs / 1000);
      commit.observe(step.commitMs / 1000);
      if (step.placeholders > 0) {
        placeholders.inc(step.placeholders);
        logger.warn('put placeholders in the place of messages that cannot be sent', { count: step.placeholders });
      }
      if (logger.enabled('debug')) {
        logger.debug('committed step', {
          messages: step.messages,
          batches: step.batches,
          cursor: step.cursor.toString(),
        });
      }
    },
  };
}
