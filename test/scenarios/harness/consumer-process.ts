import { flushCompileCache } from 'node:module';
import type { PoolClient } from 'pg';
import { Shutdown, systemSleep } from '#libs/foundation/lifecycle';
import { seededRandom } from '#libs/foundation/testing';
import { createConsumer, createOutbox, type Delivery, FatalError, kafkaTransport } from '#libs/sdk';
import { type ConsumerSetup, EFFECT_GROUPS, FOLLOW_UPS, ORDERS, type Order } from './consumer-setup.ts';

// A consumer of orders in two groups: what it does for each is an effect row and a follow-up event, in one transaction.
// Argument: its ConsumerSetup as JSON.
const setup = JSON.parse(process.argv[2]!) as ConsumerSetup;
const random = seededRandom(process.pid);
const outbox = createOutbox();
const say = (...words: readonly string[]): void => void process.stdout.write(`${words.join(' ')}\n`);

async function handle({ value, tx, key, group, messageId, attempt }: Delivery<PoolClient, Order>): Promise<void> {
  await tx.query(
    'insert into effect (group_name, message_id, key, n, attempt, at) values ($1, $2, $3, $4, $5, clock_timestamp())',
    [group, messageId, key?.toString(), value.n, attempt],
  );
  // So that most kills come in the middle of transactions.
  if (random() < 0.3) await systemSleep(random() * setup.handlerMaxMs);
  await outbox.emit(tx, FOLLOW_UPS, { key: key!, payload: { group, of: messageId } });
  if (value.poison === 'fatal' && group === 'shipping') throw new FatalError(`order ${value.n} is poison`);
  if (value.poison === 'retryable' && group === 'shipping') throw new Error(`order ${value.n} is poison`);
  if (attempt <= value.fails) throw new Error(`order ${value.n} is refused`);
}

const consumer = createConsumer({
  database: setup.url,
  poolMax: 8,
  group: 'shipping',
  appVersion: '1.2.3',
  ...(setup.kafka === undefined ? {} : { transport: kafkaTransport({ cluster: 'main', bootstrap: setup.kafka }) }),
  member: { sessionTimeoutMs: setup.sessionTimeoutMs, heartbeatMs: setup.heartbeatMs, drainMs: 2_000 },
  commitIntervalMs: 100,
  topicsIntervalMs: 500,
  parkedIntervalMs: 100,
  troubleBackoff: { minMs: 10, maxMs: 200 },
  subscriptions: EFFECT_GROUPS.map(({ group, afterDeadLetter }) => ({
    topics: ORDERS,
    group,
    handle,
    concurrency: 16,
    attempts: 2,
    backoff: { minMs: 1, maxMs: 5 },
    retryTiers: [{ delayMs: setup.retryDelayMs }, { delayMs: setup.retryDelayMs }],
    afterDeadLetter,
  })),
  observer: {
    handled: ({ group, messageId }, as) => {
      if (as === 'duplicate') say('duplicate', group, messageId);
    },
    revoked: (group, topic, partition, how) => say(how, group, `${topic}/${partition}`),
    failed: (group, step, error) => say('failed', group, step, String(error)),
  },
  onError: (error) => say('trouble', String(error)),
});
const shutdown = new Shutdown({ deadlineMs: 5_000 });
shutdown.onSignals(['SIGTERM']);
await consumer.start();
shutdown.add('consumer', (deadlineMs) => consumer.stop({ deadlineMs }));
say('ready');
// It is written at exit otherwise, and most of these processes are killed.
flushCompileCache();
