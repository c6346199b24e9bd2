import { flushCompileCache } from 'node:module';
import { Shutdown } from '#libs/foundation/lifecycle';
import { Database } from '#libs/foundation/postgres';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS, type SequencerOptions } from '#libs/movers/sequencer';

// A relay reduced to its sequencer. Arguments: the database's URL, options of the sequencer as JSON.
const [url = '', options = '{}'] = process.argv.slice(2);
const say = (...words: readonly (string | bigint | number)[]): void =>
  void process.stdout.write(`${words.join(' ')}\n`);

// The limit on statements as short as a test can wait for; the rest as in the relay.
const db = new Database({ url, poolMax: 2, statementTimeoutMs: 2_000, applicationName: 'tidemark sequencer' });
const sequencer = new Sequencer(
  outboxSource(db),
  logSink(db),
  {
    ledSince: (term, cursor) => say('leads', term, cursor),
    ledNoMore: (term, reason) => say('leads no more', term, reason),
    failed: (error) => say('failed', error instanceof Error ? error.message : String(error)),
    committed: () => undefined,
  },
  {
    ...SEQUENCER_DEFAULTS,
    ...(JSON.parse(options) as Partial<SequencerOptions>),
    holder: crypto.randomUUID(),
    info: { host: 'scenario', pid: process.pid },
  },
);
const shutdown = new Shutdown({ deadlineMs: 5_000 });
shutdown.onSignals(['SIGTERM']);
shutdown.add('pool', () => db.close());
await sequencer.start();
shutdown.add('sequencer', (deadlineMs) => sequencer.stop(deadlineMs));
say('ready');
// It is written at exit otherwise, and most of these processes are killed.
flushCompileCache();
