import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { TidemarkError } from '#libs/foundation/kernel';
import { GroupMember } from '../../src/groups/group-member.ts';
import type { GroupProtocol } from '../../src/kafka-groups/kafka-group-coordinator.ts';
import { kafkaTransport } from '../../src/kafka-groups/kafka-transport.ts';
import { connectionTo } from '../group-conformance/kafka-connection.ts';
import { eventLine, type WorkerEvent } from './worker-event.ts';

// A consumer in a process of its own, to be stopped and killed. Arguments: bootstrap servers, group, topic, name,
// protocol.
const [bootstrap, group, topic, worker, protocol] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  GroupProtocol,
];
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

let lastLook = process.hrtime.bigint();
/** A member looks at the clock right before it hands out: that is the moment that counts, wherever the process is stopped. */
const clock = {
  now: () => {
    lastLook = process.hrtime.bigint();
    return Number(lastLook) / 1e6;
  },
};
const tell = (what: WorkerEvent['what'], partition: number, from = 0n, to = 0n, at = process.hrtime.bigint()): void => {
  process.stdout.write(`${eventLine({ at, worker, what, partition, from, to })}\n`);
};

const transport = kafkaTransport({
  connection: connectionTo(bootstrap),
  protocol,
  cluster: 'test',
  onTrouble: () => undefined,
});
const member = new GroupMember({
  coordinator: transport.coordinator,
  source: transport.source,
  group,
  topics: [topic],
  sessionTimeoutMs: 1_500,
  heartbeatMs: 200,
  rebalanceHeartbeatMs: 50,
  drainMs: 5_000,
  clock,
  onAssigned: (partitions) =>
    partitions.forEach(({ partition, nextOffset }) => tell('assigned', partition, nextOffset)),
  onRevoked: (partitions, how) => partitions.forEach(({ partition }) => tell(how, partition)),
});
await transport.start();
await member.start();
while (!stop.signal.aborted) {
  const polled = await member.poll({ maxRecords: 50, maxBytes: 100_000, waitMs: 50 });
  const at = lastLook;
  for (const { partition, records } of polled) {
    tell('handed', partition, records[0]!.offset, records.at(-1)!.offset + 1n, at);
  }
  await setImmediate();
  for (const { partition, nextOffset } of polled) {
    try {
      await member.commit({ offsets: [{ topic, partition, nextOffset }] });
      tell('committed', partition, nextOffset);
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      tell('fenced', partition, nextOffset);
    }
  }
}
await member.stop({ deadlineMs: 5_000 });
await transport.stop({ deadlineMs: 5_000 });
