import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createKafkaClient,
  type GroupMembership,
  type HeartbeatAnswer,
  KAFKA_ERROR,
  MEMBER_EPOCH,
  type TopicIdPartitions,
} from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { deleteTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { createdTopic } from './topic-of-test.ts';

whereKafkaRuns(describe)('a member of a group', () => {
  let kafka: KafkaCluster;
  let client: ReturnType<typeof createKafkaClient>;

  beforeAll(async () => {
    const config = { 'group.consumer.assignment.interval.ms': '0', 'group.consumer.min.assignment.interval.ms': '0' };
    kafka = await startKafka({ config });
    client = createKafkaClient(kafkaSettings(kafka.bootstrap));
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  class Member {
    readonly memberId = randomUUID();
    epoch: number = MEMBER_EPOCH.JOIN;
    owned: readonly TopicIdPartitions[] = [];
    readonly #group: string;
    readonly #topic: string;
    readonly #instanceId: string | null;

    constructor(group: string, topic: string, instanceId: string | null = null) {
      this.#group = group;
      this.#topic = topic;
      this.#instanceId = instanceId;
    }

    get membership(): GroupMembership {
      const { memberId, epoch } = this;
      return { group: this.#group, memberId, memberEpoch: epoch, instanceId: this.#instanceId };
    }

    /** One heartbeat; takes and gives up what the answer says. */
    async beat(epoch = this.epoch): Promise<HeartbeatAnswer> {
      const answer = await client.heartbeat({
        ...this.membership,
        memberEpoch: epoch,
        topics: [this.#topic],
        rebalanceTimeoutMs: 30_000,
        owned: this.owned,
      });
      if (answer.errorCode === 0 && epoch >= 0) {
        this.epoch = answer.memberEpoch;
        this.owned = answer.assignment ?? this.owned;
      }
      return answer;
    }

    get partitions(): number[] {
      return this.owned.flatMap((topic) => topic.partitions).toSorted((a, b) => a - b);
    }
  }

  async function idOf(topic: string): Promise<string> {
    return (await client.metadata([topic])).topics[0]!.id!;
  }

  /** The coordinator of the first group of a new cluster is not there at once. */
  async function joined(member: Member): Promise<Member> {
    await eventually(async () => expect((await member.beat()).errorCode).toBe(0), 30_000);
    return member;
  }

  it('gets partitions, gives some up to another one, and only then does that one have them', async () => {
    await createdTopic(client, 'shared', { partitions: 4 });
    const [a, b] = [await joined(new Member('sharers', 'shared')), new Member('sharers', 'shared')];
    await eventually(async () => {
      await a.beat();
      expect(a.partitions).toEqual([0, 1, 2, 3]);
    });
    const before = a.owned;
    await joined(b);
    const asked = await eventually(async () => {
      const answer = await a.beat();
      a.owned = before;
      expect(answer.assignment!.flatMap((topic) => topic.partitions)).toHaveLength(2);
      return answer;
    });
    // As long as a names them, b gets none.
    expect((await b.beat()).errorCode).toBe(0);
    expect(b.partitions).toEqual([]);
    a.owned = asked.assignment!;
    await a.beat();
    await b.beat();
    expect(new Set([...a.partitions, ...b.partitions])).toEqual(new Set([0, 1, 2, 3]));
    expect(b.partitions).toHaveLength(2);

    expect((await b.beat(MEMBER_EPOCH.LEAVE)).errorCode).toBe(0);
    await eventually(async () => {
      await a.beat();
      expect(a.partitions).toEqual([0, 1, 2, 3]);
    });
    expect((await b.beat()).errorCode).toBe(KAFKA_ERROR.UNKNOWN_MEMBER_ID);
    expect((await a.beat(a.epoch + 7)).errorCode).toBe(KAFKA_ERROR.FENCED_MEMBER_EPOCH);
  });

  it('commits under its epoch, and nobody else does for it', async () => {
    await createdTopic(client, 'committed', { partitions: 2 });
    const topicId = await idOf('committed');
    const member = await joined(new Member('committers', 'committed'));
    const place = { topic: 'committed', topicId, partition: 0 };
    expect(await client.memberOffsets(member.membership, [place])).toEqual({
      errorCode: 0,
      offsets: [{ topic: 'committed', partition: 0, errorCode: 0, offset: -1n, metadata: '' }],
    });
    const offset = { ...place, offset: 7n, metadata: 'note' };
    const commit = async (by: Partial<GroupMembership> = {}): Promise<number | undefined> =>
      (await client.commitMemberOffsets({ ...member.membership, ...by }, [offset]))[0]?.errorCode;
    expect(await commit()).toBe(0);
    expect(await commit({ memberEpoch: member.epoch + 1 })).toBe(KAFKA_ERROR.STALE_MEMBER_EPOCH);
    expect(await commit({ memberId: randomUUID() })).toBe(KAFKA_ERROR.UNKNOWN_MEMBER_ID);
    expect((await client.memberOffsets(member.membership, [place])).offsets[0]).toMatchObject({
      topic: 'committed',
      offset: 7n,
      metadata: 'note',
    });
    expect((await client.memberOffsets({ ...member.membership, memberEpoch: 99 }, [place])).errorCode).toBe(
      KAFKA_ERROR.STALE_MEMBER_EPOCH,
    );
    expect(await client.groupOffsets('committers')).toEqual([
      { topic: 'committed', partition: 0, offset: 7n, metadata: 'note' },
    ]);
  });

  it('commits nothing for a topic that was created again under the name', async () => {
    await createdTopic(client, 'renewed');
    const before = await idOf('renewed');
    const member = await joined(new Member('renewers', 'renewed'));
    await deleteTopic(kafka.bootstrap, 'renewed');
    await eventually(async () => expect((await client.metadata(['renewed'])).topics[0]?.id).toBeNull());
    await createdTopic(client, 'renewed');
    const offset = { topic: 'renewed', topicId: before, partition: 0, offset: 3n, metadata: null };
    const [outcome] = await client.commitMemberOffsets(member.membership, [offset]);
    expect(outcome).toMatchObject({ topic: 'renewed', errorCode: KAFKA_ERROR.UNKNOWN_TOPIC_ID });
    expect(await client.groupOffsets('renewers')).toEqual([]);
  });

  it('sees how long its group waits for it', async () => {
    const configs = await client.groupConfigs('anybody');
    expect(configs?.get('consumer.session.timeout.ms')).toBe('45000');
  });

  it('takes the place of its predecessor with the same instance id once that has left for a while', async () => {
    await createdTopic(client, 'static');
    const first = await joined(new Member('statics', 'static', 'pod-0'));
    await eventually(async () => {
      await first.beat();
      expect(first.partitions).toEqual([0]);
    });
    const second = new Member('statics', 'static', 'pod-0');
    expect((await second.beat()).errorCode).toBe(KAFKA_ERROR.UNRELEASED_INSTANCE_ID);
    expect(await client.staticMember('statics', 'pod-0')).toBe(first.memberId);
    expect(await client.staticMember('statics', 'pod-1')).toBeNull();
    expect((await first.beat(MEMBER_EPOCH.LEAVE_STATIC)).errorCode).toBe(0);
    await joined(second);
    expect(second.partitions).toEqual([0]);
    expect((await first.beat()).errorCode).toBe(KAFKA_ERROR.FENCED_INSTANCE_ID);
  });
});
