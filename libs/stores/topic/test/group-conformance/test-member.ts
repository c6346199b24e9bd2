import { GroupMember } from '../../src/groups/group-member.ts';
import type { GroupMemberOptions } from '../../src/groups/group-member-options.ts';
import type { GroupCoordinator } from '../../src/groups/ports.ts';
import type { TopicRecord } from '../../src/record.ts';
import type { Connection, GroupWorld } from './group-world.ts';

/** A network that can be cut: heartbeats do not reach the group then, and no goodbye does. */
class CutNetwork implements GroupCoordinator {
  isCut = false;
  readonly #to: GroupCoordinator;

  constructor(to: GroupCoordinator) {
    this.#to = to;
  }

  join: GroupCoordinator['join'] = (request) => this.#reach(() => this.#to.join(request));
  heartbeat: GroupCoordinator['heartbeat'] = (request) => this.#reach(() => this.#to.heartbeat(request));
  leave: GroupCoordinator['leave'] = (request) => this.#reach(() => this.#to.leave(request));
  commit: GroupCoordinator['commit'] = (request, tx) => this.#reach(() => this.#to.commit(request, tx));

  async #reach<T>(call: () => Promise<T>): Promise<T> {
    if (this.isCut) throw new Error('the network is cut');
    return await call();
  }
}

const POLL = { maxRecords: 100, maxBytes: 1_000_000, waitMs: 100 };

/** A member with what it was told and what it was handed, as `partition/offset`. */
export class TestMember {
  readonly member: GroupMember;
  readonly handed: string[] = [];
  readonly records: TopicRecord[] = [];
  readonly #connection: Connection;
  readonly #network: CutNetwork;

  private constructor(connection: Connection, network: CutNetwork, member: GroupMember) {
    this.#connection = connection;
    this.#network = network;
    this.member = member;
  }

  /** Events of several members may be noted in one list, to see their order. */
  static async start(
    world: GroupWorld,
    name: string,
    options: Pick<GroupMemberOptions, 'group' | 'topics'> & Partial<GroupMemberOptions>,
    events: string[] = [],
  ): Promise<TestMember> {
    const connection = await world.connect();
    const network = new CutNetwork(connection.coordinator);
    const note = (what: string, partitions: readonly { partition: number }[]): void => {
      for (const { partition } of partitions) events.push(`${name} ${what} ${partition}`);
    };
    const member = new GroupMember({
      sessionTimeoutMs: world.sessionTimeoutMs,
      heartbeatMs: 100,
      rebalanceHeartbeatMs: 20,
      onAssigned: (partitions) => note('assigned', partitions),
      onRevoking: (partitions) => note('revoking', partitions),
      onRevoked: (partitions, how) => note(how, partitions),
      onSkipped: ({ partition }, from, to) => events.push(`${name} skipped ${partition} from ${from} to ${to}`),
      ...options,
      coordinator: network,
      source: connection.source,
    });
    await member.start();
    return new TestMember(connection, network, member);
  }

  /** One poll; what it hands out is noted. */
  async poll(limits: Partial<typeof POLL> = {}): Promise<string[]> {
    const polled = await this.member.poll({ ...POLL, ...limits });
    const handed = polled.flatMap(({ partition, records }) => records.map(({ offset }) => `${partition}/${offset}`));
    this.handed.push(...handed);
    this.records.push(...polled.flatMap((each) => each.records));
    return handed;
  }

  async pollAndCommit(): Promise<string[]> {
    const handed = await this.poll();
    await this.member.commit();
    return handed;
  }

  cut(): void {
    this.#network.isCut = true;
  }

  mend(): void {
    this.#network.isCut = false;
  }

  async stop(): Promise<void> {
    await this.member.stop({ deadlineMs: 10_000 });
    await this.#connection.close();
  }
}

/** `partition/offset` of so many partitions, from an offset to before another one. */
export function places(partitions: readonly number[], from: number, to: number): Set<string> {
  const all = partitions.flatMap((partition) =>
    Array.from({ length: to - from }, (_, index) => `${partition}/${from + index}`),
  );
  return new Set(all);
}
