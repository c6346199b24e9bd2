import { TidemarkError } from '#libs/foundation/kernel';
import type { JoinGroupAnswer } from '#libs/foundation/kafka';
import type { TopicPartition } from '../../groups/topic-partition.ts';
import type { TopicDirectory } from '../topic-directory.ts';
import { leadAssignment, type LedMember } from './lead-assignment.ts';
import { writeAssignment } from './member-assignment.ts';
import { readMetadata } from './member-metadata.ts';

/** What the leader of a group does for its members: says who gets what, and notices when topics have grown. */
export class GroupLeader {
  readonly #directory: TopicDirectory;
  readonly #group: string;
  #topics: readonly string[] = [];
  #assigned = '';

  constructor(group: string, directory: TopicDirectory) {
    this.#group = group;
    this.#directory = directory;
  }

  /** Assignments of all members. Throws KAFKA_REFUSED when one of them has said what cannot be read, or as the client does. */
  async lead(members: JoinGroupAnswer['members']): Promise<{ memberId: string; assignment: Buffer }[]> {
    const led = members.map((member) => this.#read(member));
    this.#topics = [...new Set(led.flatMap((member) => member.topics))].sort();
    this.#directory.distrust();
    await this.#directory.look(this.#topics);
    const partitions = this.#partitions();
    this.#assigned = signature(partitions);
    const given = leadAssignment(led, partitions);
    return [...given].map(([memberId, its]) => ({ memberId, assignment: writeAssignment(its) }));
  }

  /** True when there are other partitions than those that were assigned. Looks at the cluster from time to time. */
  async isOutdated(): Promise<boolean> {
    await this.#directory.look(this.#topics);
    return signature(this.#partitions()) !== this.#assigned;
  }

  #partitions(): TopicPartition[] {
    return this.#topics.flatMap((topic) =>
      (this.#directory.find(topic)?.partitions ?? []).map(({ partition }) => ({ topic, partition })),
    );
  }

  #read({ memberId, metadata }: JoinGroupAnswer['members'][number]): LedMember {
    try {
      return { memberId, ...readMetadata(metadata) };
    } catch (cause) {
      const text = `group ${this.#group}: what its member ${memberId} says of itself cannot be read`;
      throw new TidemarkError('KAFKA_REFUSED', text, {
        cause,
        context: { group: this.#group, memberId },
        remedy: 'Find out what client it is: its assignor is cooperative-sticky by name only.',
      });
    }
  }
}

function signature(partitions: readonly TopicPartition[]): string {
  return partitions
    .map(({ topic, partition }) => `${topic}/${partition}`)
    .sort()
    .join();
}
