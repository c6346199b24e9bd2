import type { ConsumerMember } from '#libs/movers/consumer';
import type { GroupMember, KafkaTransport } from '#libs/stores/topic';

/** A member of a group of a cluster with its connections, which live as long as it does. */
export class KafkaMember implements ConsumerMember {
  readonly #member: GroupMember;
  readonly #transport: Pick<KafkaTransport, 'start' | 'stop'>;

  constructor(member: GroupMember, transport: Pick<KafkaTransport, 'start' | 'stop'>) {
    this.#member = member;
    this.#transport = transport;
  }

  async start(): Promise<void> {
    await this.#transport.start();
    await this.#member.start();
  }

  async stop(options: { readonly deadlineMs: number }): Promise<void> {
    try {
      await this.#member.stop(options);
    } finally {
      await this.#transport.stop(options);
    }
  }

  poll(...options: Parameters<GroupMember['poll']>): ReturnType<GroupMember['poll']> {
    return this.#member.poll(...options);
  }

  commit(...options: Parameters<GroupMember['commit']>): Promise<void> {
    return this.#member.commit(...options);
  }

  seek(...to: Parameters<GroupMember['seek']>): void {
    this.#member.seek(...to);
  }

  pause(...partitions: Parameters<GroupMember['pause']>): void {
    this.#member.pause(...partitions);
  }

  resume(...partitions: Parameters<GroupMember['resume']>): void {
    this.#member.resume(...partitions);
  }

  subscribe(...topics: Parameters<GroupMember['subscribe']>): void {
    this.#member.subscribe(...topics);
  }
}
