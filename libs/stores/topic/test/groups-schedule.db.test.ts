import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import type { GroupView, OwnedPartition } from '../src/groups/group.ts';
import { PostgresGroupCoordinator } from '../src/groups/postgres/postgres-group-coordinator.ts';
import type { JoinRequest } from '../src/groups/ports.ts';
import { emit, joinRequest, silence } from './groups-fixture.ts';
import { startLog, type TestLog } from './test-log.ts';

const RECORDS = 1_000;
const PARTITIONS_MAX = 6;
const MEMBERS_MAX = 4;
const STEPS = 400;
const seed = testSeed();

interface Member {
  readonly request: JoinRequest;
  view: GroupView;
  /** Never silenced, never left. */
  alive: boolean;
  /** Partitions it has offered to release under the ownership that it still sees. */
  readonly released: Set<string>;
  open: pg.PoolClient | undefined;
}

interface Row {
  partition: number;
  owner: string | null;
  target: string | null;
  assignment_epoch: string;
  next_offset: string;
  epoch: string;
}

/** Several members' operations in random order, and what must hold after each of them. */
class Schedule {
  readonly members: Member[] = [];
  readonly committed = new Map<number, bigint>();
  readonly highestEpoch = new Map<number, bigint>();
  commits = 0;
  fenced = 0;
  handovers = 0;
  successions = 0;
  #before: Row[] = [];

  constructor(
    readonly log: TestLog,
    readonly groups: PostgresGroupCoordinator,
    readonly random: () => number,
  ) {}

  pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random() * from.length)];
  }

  async step(): Promise<void> {
    const alive = this.members.filter((member) => member.alive);
    const member = this.pick(alive);
    const dice = this.random();
    if (member === undefined || (dice < 0.08 && alive.length < MEMBERS_MAX)) return this.join();
    if (dice < 0.13) return this.succeed(this.pick(this.members.slice(-8))!);
    if (dice < 0.42) return this.beat(member);
    if (dice < 0.72) return this.commit(this.random() < 0.8 ? member : this.pick(this.members.slice(-8))!);
    if (dice < 0.8) return this.openCommit(member);
    if (dice < 0.9)
      return this.endOpen(
        this.members.find((other) => other.open !== undefined),
        this.random() < 0.5,
      );
    if (dice < 0.94) return this.die(member);
    if (dice < 0.98) return this.leave(member);
    await this.log.db.query(
      'select outbox.alter_topic($1, least($2, partitions + 1)) from outbox.topic where name = $1',
      ['orders', PARTITIONS_MAX],
    );
  }

  async join(instanceId: string | undefined = this.random() < 0.6 ? randomUUID() : undefined): Promise<void> {
    const request = joinRequest('schedule', ['orders'], { instanceId });
    const view = await this.groups.join(request);
    this.members.push({ request, view, alive: true, released: new Set(), open: undefined });
    this.learn(view);
  }

  /** A successor of a static member that lives, has stopped, is silent, or has been succeeded before. */
  async succeed({ request: { instanceId } }: Member): Promise<void> {
    if (instanceId === undefined) return;
    for (const member of this.members) if (member.request.instanceId === instanceId) member.alive = false;
    this.successions += 1;
    await this.join(instanceId);
  }

  async beat(member: Member): Promise<void> {
    const asked = new Set(member.view.revoke.map((partition) => partition.partition));
    const released = member.view.owned.filter((owned) => asked.has(owned.partition) && this.random() < 0.7);
    for (const owned of released) member.released.add(keyOf(owned));
    member.view = await this.groups.heartbeat({ ...member.request, released });
    this.learn(member.view);
  }

  /** With the last view, which may be long out of date. */
  async commit(member: Member): Promise<void> {
    if (member.open !== undefined) return;
    const owned = this.pick(member.view.owned);
    if (owned === undefined) return;
    const nextOffset = this.nextOffset(owned);
    const outcome = await this.tryCommit(member, owned, nextOffset);
    if (outcome === 'committed') this.committed.set(owned.partition, nextOffset);
  }

  async openCommit(member: Member): Promise<void> {
    const owned = this.pick(member.view.owned);
    if (owned === undefined || member.open !== undefined || this.members.some((other) => other.open !== undefined))
      return;
    member.open = await this.log.db.connect();
    await member.open.query('begin');
    if ((await this.tryCommit(member, owned, this.nextOffset(owned), member.open)) === 'committed') {
      this.#pending = {
        partition: owned.partition,
        nextOffset: this.nextOffset(owned),
        owner: member.request.memberId,
      };
    }
  }

  #pending: { partition: number; nextOffset: bigint; owner: string } | undefined;

  async endOpen(member: Member | undefined, commits: boolean): Promise<void> {
    if (member?.open === undefined) return;
    await member.open.query(commits ? 'commit' : 'rollback');
    member.open.release();
    member.open = undefined;
    if (commits && this.#pending !== undefined) this.committed.set(this.#pending.partition, this.#pending.nextOffset);
    this.#pending = undefined;
  }

  async die(member: Member): Promise<void> {
    member.alive = false;
    await silence(this.log.db, member.request.memberId);
  }

  async leave(member: Member): Promise<void> {
    member.alive = false;
    await this.groups.leave(member.request);
    // A static one keeps its partitions until its session ends, which may be soon.
    if (member.request.instanceId !== undefined && this.random() < 0.9) await this.die(member);
  }

  nextOffset(owned: OwnedPartition): bigint {
    return (this.committed.get(owned.partition) ?? 0n) + 1n;
  }

  async tryCommit(
    member: Member,
    owned: OwnedPartition,
    nextOffset: bigint,
    tx?: pg.PoolClient,
  ): Promise<'committed' | 'fenced'> {
    const offsets = [{ ...owned, nextOffset }];
    try {
      await this.groups.commit({ ...member.request, offsets }, tx);
    } catch (error) {
      expect(error).toMatchObject({ code: 'GROUP_FENCED' });
      // A live member that has not offered the partition is never refused.
      expect(member.alive && !member.released.has(keyOf(owned))).toBe(false);
      this.fenced += 1;
      return 'fenced';
    }
    // Nobody was told since that the partition is theirs.
    expect(owned.assignmentEpoch).toBe(this.highestEpoch.get(owned.partition));
    this.commits += 1;
    return 'committed';
  }

  /** What a member was told to own, nobody else may have been told under the same or a later epoch. */
  learn(view: GroupView): void {
    const teller = this.members.find((member) => member.view === view);
    for (const owned of view.owned) {
      const known = this.highestEpoch.get(owned.partition) ?? 0n;
      expect(owned.assignmentEpoch).toBeGreaterThanOrEqual(known);
      for (const other of this.members.filter((member) => member !== teller)) {
        expect(other.view.owned.some((theirs) => keyOf(theirs) === keyOf(owned))).toBe(false);
      }
      this.highestEpoch.set(owned.partition, owned.assignmentEpoch);
      if (this.#pending?.partition !== owned.partition)
        expect(owned.nextOffset).toBe(this.committed.get(owned.partition) ?? 0n);
    }
  }

  async check(): Promise<void> {
    const rows = await this.read();
    for (const row of rows) {
      const before = this.#before.find((candidate) => candidate.partition === row.partition);
      if (this.#pending?.partition !== row.partition)
        expect(BigInt(row.next_offset)).toBe(this.committed.get(row.partition) ?? 0n);
      if (before === undefined) continue;
      expect(BigInt(row.epoch)).toBeGreaterThanOrEqual(BigInt(before.epoch));
      this.checkOwner(before, row);
    }
    this.#before = rows;
  }

  checkOwner(before: Row, row: Row): void {
    const claimed = row.assignment_epoch !== before.assignment_epoch;
    if (claimed) expect(BigInt(row.assignment_epoch)).toBe(BigInt(before.assignment_epoch) + 1n);
    if (before.owner === null || (before.owner === row.owner && !claimed)) return;
    this.handovers += 1;
    const owner = this.members.find((member) => member.request.memberId === before.owner)!;
    const ownership = `${row.partition}@${before.assignment_epoch}`;
    expect(owner.alive && !owner.released.has(ownership)).toBe(false);
    expect(this.#pending?.owner === before.owner && this.#pending.partition === row.partition).toBe(false);
  }

  async read(): Promise<Row[]> {
    const result = await this.log.db.query<Row>(
      `select p.partition, p.owner, p.target, p.assignment_epoch, o.next_offset, g.epoch
       from log.consumer_group g
       join log.group_partition p on p.group_id = g.id
       join log.group_offset o on o.group_id = g.id and o.topic_id = p.topic_id and o.partition = p.partition
       where g.name = 'schedule' order by p.partition`,
    );
    return result.rows;
  }
}

function keyOf(owned: OwnedPartition): string {
  return `${owned.partition}@${owned.assignmentEpoch}`;
}

let log: TestLog;
let schedule: Schedule;

beforeAll(async () => {
  log = await startLog();
  await log.db.query(`select outbox.create_topic('orders', 3)`);
});

afterAll(async () => {
  // After a failure a transaction may be open still.
  for (const member of schedule.members) await schedule.endOpen(member, false);
  await log.stop();
});

describe(`a random schedule of members (SEED=${seed})`, () => {
  test('never has two owners of a partition, commits by others than the owner, or a lost offset; and settles balanced', async () => {
    for (let partition = 0; partition < 3; partition += 1) await emit(log.db, 'orders', partition, RECORDS);
    await log.caughtUp();
    schedule = new Schedule(log, new PostgresGroupCoordinator(log.db), seededRandom(seed));
    for (let step = 0; step < STEPS; step += 1) {
      const partitions = (
        await log.db.query<{ n: number }>(`select partitions as n from outbox.topic where name = 'orders'`)
      ).rows[0]!.n;
      await schedule.step();
      const now = (await log.db.query<{ n: number }>(`select partitions as n from outbox.topic where name = 'orders'`))
        .rows[0]!.n;
      if (now > partitions) {
        await emit(log.db, 'orders', partitions, RECORDS);
        await log.caughtUp();
      }
      await schedule.check();
    }
    // The schedule was worth running.
    expect(schedule.commits).toBeGreaterThan(40);
    expect(schedule.fenced).toBeGreaterThan(0);
    expect(schedule.handovers).toBeGreaterThan(10);
    expect(schedule.successions).toBeGreaterThan(0);

    for (const member of schedule.members) await schedule.endOpen(member, true);
    // Static ones that have stopped are members still.
    for (const member of schedule.members) if (!member.alive) await schedule.die(member);
    if (!schedule.members.some((member) => member.alive)) await schedule.join();
    const alive = schedule.members.filter((member) => member.alive);
    for (let round = 0; round < 20; round += 1) for (const member of alive) await schedule.beat(member);
    await schedule.check();
    const rows = await schedule.read();
    expect(rows.filter((row) => row.owner === null || row.owner !== row.target)).toEqual([]);
    const loads = alive.map((member) => rows.filter((row) => row.owner === member.request.memberId).length);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });
});
