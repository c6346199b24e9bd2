import { differences } from './check-content.ts';
import { NO_FAULTS } from './fake-network.ts';
import { GENEROUS } from './fake-cluster.ts';
import { type RunningPublisher, Simulation } from './simulation.ts';

const TOPIC = 'orders';
const PARTITIONS = 2;
const OLD_MS = 30 * 3_600_000;

export interface Outcome {
  readonly differences: readonly string[];
  readonly stuck: readonly string[];
  /** What happened; empty when all is well. */
  readonly story: readonly string[];
}

type Action = (schedule: Schedule) => void | Promise<void>;

/** One run: faults at random for a while, then peace; then the cluster must hold what the log holds. */
export class Schedule {
  readonly simulation: Simulation;
  /** When a cluster last lost records, perhaps. */
  lostAt = -Infinity;
  readonly #done: string[] = [];
  /** Records so old that brokers forget their producer at once. */
  readonly old: boolean;

  constructor(seed: number) {
    this.simulation = new Simulation(seed);
    this.old = this.simulation.random() < 0.25;
  }

  pick(count: number): number {
    return Math.floor(this.simulation.random() * count);
  }

  running(): RunningPublisher[] {
    return this.simulation.publishers.filter(({ process }) => !process.dead);
  }

  note(what: string): void {
    this.#done.push(`${this.simulation.time.now().toFixed(0)} ${what}`);
  }

  async run(): Promise<Outcome> {
    const { simulation } = this;
    const { log, time } = simulation;
    log.addTopic(TOPIC, PARTITIONS);
    log.append(1, 0, 10, this.age());
    this.start();
    const actions = 10 + this.pick(20);
    for (let index = 0; index < actions; index += 1) {
      const [name, action] = ACTIONS[this.pick(ACTIONS.length)]!;
      this.note(name);
      await action(this);
      await time.run(simulation.random() ** 3 * 6_000);
    }
    return this.#peace();
  }

  age(): { ageMs?: number } {
    return this.old ? { ageMs: OLD_MS } : {};
  }

  start(): void {
    const { network } = this.simulation.startPublisher();
    const { random } = this.simulation;
    const likely = (): number => (random() < 0.5 ? 0 : random() * 0.2);
    network.faults = {
      loseRequest: likely(),
      loseAnswer: likely(),
      delay: likely(),
      // A repeated request of a producer that the broker has forgotten is a new one to everybody; TCP repeats none.
      repeat: this.old ? 0 : likely(),
      failCall: likely() / 3,
    };
  }

  async #peace(): Promise<Outcome> {
    const { simulation } = this;
    const { cluster, time } = simulation;
    this.note('peace');
    for (const { process, network } of this.running()) {
      network.faults = NO_FAULTS;
      process.resume();
    }
    if (this.running().length === 0) this.start();
    cluster.minInSync = 1;
    cluster.throttleMs = 0;
    for (const broker of cluster.brokers) cluster.startBroker(broker);
    for (const each of cluster.topics.get(TOPIC)?.partitions ?? []) each.heal();
    for (let partition = 0; partition < PARTITIONS; partition += 1) simulation.log.append(1, partition, 3, this.age());
    const calm = (): boolean => simulation.caughtUp(1, PARTITIONS) && this.#noneStopped();
    for (let attempt = 0; attempt < 3 && !(await time.run(120_000, calm)); attempt += 1) this.#recreateStopped();
    // Late requests have all arrived, and what they did has been noticed or does not matter.
    await time.run(10_000);
    await time.run(120_000, calm);
    return this.#outcome(calm());
  }

  #noneStopped(): boolean {
    return this.#lanes().every(({ phase }) => phase !== 'stopped');
  }

  /** What a stopped partition asks a person to do. */
  #recreateStopped(): void {
    if (this.#noneStopped()) return;
    this.note('recreate what stopped');
    this.simulation.cluster.topics.delete(TOPIC);
  }

  #lanes(): { phase: string; trouble: string | null }[] {
    return this.running().flatMap(({ publisher }) => [...publisher.status().lanes]);
  }

  #outcome(calm: boolean): Outcome {
    const { simulation } = this;
    const found = [];
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      found.push(...differences(simulation, 1, TOPIC, partition).map((each) => `${partition}: ${each}`));
    const stuck = calm ? [] : this.#lanes().map(({ phase, trouble }) => `${phase} ${trouble ?? ''}`);
    const well = found.length === 0 && stuck.length === 0 && calm;
    const story = [...this.#done, ...simulation.events].sort((a, b) => parseFloat(a) - parseFloat(b));
    return {
      differences: found.slice(0, 10),
      stuck: calm ? [] : ['not caught up', ...stuck],
      story: well ? [] : story,
    };
  }
}

export function runSchedule(seed: number): Promise<Outcome> {
  return new Schedule(seed).run();
}

const ACTIONS: readonly (readonly [string, Action])[] = [
  ['write', (s) => s.simulation.log.append(1, s.pick(PARTITIONS), 1 + s.pick(60), s.age())],
  ['write much', (s) => s.simulation.log.append(1, s.pick(PARTITIONS), 300, s.age())],
  ['write', (s) => s.simulation.log.append(1, s.pick(PARTITIONS), 1 + s.pick(60), s.age())],
  ['start a publisher', (s) => void (s.running().length < 3 && s.start())],
  [
    'kill a publisher',
    (s) => {
      const { process } = one(s, s.running()) ?? {};
      process?.kill();
      s.start();
    },
  ],
  ['pause a publisher', (s) => one(s, s.running())?.process.pause()],
  ['resume publishers', (s) => s.running().forEach(({ process }) => process.resume())],
  [
    'stop a publisher',
    (s) => {
      const running = one(s, s.running());
      if (running === undefined || running.process.paused) return;
      void running.publisher.stop(3_000).then(
        () => running.process.kill(),
        () => running.process.kill(),
      );
      s.start();
    },
  ],
  [
    'foreign records',
    (s) => {
      // As many of them as records were lost would hide the loss from everybody but verify, until metadata shows it.
      if (s.simulation.time.now() - s.lostAt > 40_000)
        s.simulation.cluster.appendForeign(TOPIC, s.pick(PARTITIONS), 1 + s.pick(3));
    },
  ],
  ['clean leader change', (s) => s.simulation.cluster.moveLeaderFrom(s.simulation.cluster.brokers[s.pick(3)]!)],
  [
    'lagging follower',
    (s) => {
      const partition = s.simulation.cluster.partition(TOPIC, s.pick(PARTITIONS));
      partition?.lagging.add(s.simulation.cluster.brokers[s.pick(3)]!);
      partition?.shrink();
    },
  ],
  [
    'unclean leader change',
    (s) => {
      const partition = s.simulation.cluster.partition(TOPIC, s.pick(PARTITIONS));
      const broker = one(s, [...(partition?.lagging ?? [])]) ?? one(s, s.simulation.cluster.brokers)!;
      s.lostAt = s.simulation.time.now();
      if (s.simulation.cluster.alive.has(broker)) partition?.elect(broker);
    },
  ],
  [
    'leader lost its newest records',
    (s) => {
      const partition = s.simulation.cluster.partition(TOPIC, s.pick(PARTITIONS));
      if (partition === undefined || !s.simulation.cluster.alive.has(partition.leader)) return;
      s.lostAt = s.simulation.time.now();
      partition.loseEnd(s.pick(4) === 0 ? partition.log.end : s.pick(30));
    },
  ],
  [
    'broker stops, another starts',
    (s) => {
      const { cluster } = s.simulation;
      for (const broker of cluster.brokers) cluster.startBroker(broker);
      cluster.stopBroker(cluster.brokers[s.pick(3)]!);
    },
  ],
  [
    'topic deleted and created',
    (s) => {
      if (s.pick(3) > 0) return;
      s.simulation.cluster.topics.delete(TOPIC);
      if (s.pick(2) === 0) s.simulation.cluster.createTopic(TOPIC, PARTITIONS);
    },
  ],
  ['producers expire', (s) => s.simulation.cluster.topics.get(TOPIC)?.partitions.forEach((each) => each.expire())],
  [
    'too large',
    (s) => {
      s.simulation.cluster.settings = { ...GENEROUS, maxBatchBytes: 1_048_588 };
      s.simulation.log.append(1, s.pick(PARTITIONS), 1, { bytes: 1_100_000, ...s.age() });
    },
  ],
  ['authorization lost', (s) => partitionOf(s).forEach((each) => (each.writable = false))],
  ['authorization back', (s) => partitionOf(s).forEach((each) => (each.writable = true))],
  ['throttled', (s) => void (s.simulation.cluster.throttleMs = s.pick(2) * 200)],
  ['few replicas', (s) => void (s.simulation.cluster.minInSync = 1 + s.pick(2))],
];

function one<T>(schedule: Schedule, from: readonly T[]): T | undefined {
  return from[schedule.pick(from.length)];
}

function partitionOf(schedule: Schedule): { writable: boolean }[] {
  return schedule.simulation.cluster.topics.get(TOPIC)?.partitions ?? [];
}
