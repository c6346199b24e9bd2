import { describe, test } from '@jest/globals';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { ConsumerWorld, type Kind, type Settings } from './consumer-world.ts';

const RUNS = process.env['TIDEMARK_SOAK'] === '1' ? 3_000 : 8;
const STEPS = 60;
const KINDS: readonly Kind[] = ['flaky', 'poison', 'fatal', 'undecodable', 'hang'];

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

function settingsOf(random: () => number): Settings {
  return {
    concurrency: pick(random, [1, 4, 16]),
    batch: pick(random, [null, null, 3]),
    park: random() < 0.5,
    tiers: pick(random, [0, 1, 2]),
    offsetsInTransaction: random() < 0.5,
  };
}

/** One thing that happens: mostly messages and time, now and then what nobody wants. */
async function step(world: ConsumerWorld, random: () => number, zombies: (() => void)[]): Promise<void> {
  const dice = random();
  if (dice < 0.45) {
    for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1)
      world.append(random() < 0.8 ? 'good' : pick(random, KINDS));
  } else if (dice < 0.5) {
    world.repeat();
  } else if (dice < 0.56) {
    world.assign();
  } else if (dice < 0.61 && world.processes.length > 0) {
    world.crash(pick(random, world.processes));
  } else if (dice < 0.64 && world.processes.length > 0) {
    await world.stop(pick(random, world.processes));
  } else if (dice < 0.7 && world.processes.length < 3) {
    await world.start();
    world.assign();
  } else if (dice < 0.76) {
    const tell = world.topics.take(pick(random, [...world.topics.partitions.keys()]));
    // Some hear of it at once, others work on for a while.
    if (random() < 0.5) tell();
    else zombies.push(tell);
  } else if (dice < 0.79 && world.processes.length > 0) {
    // Lost and given back in one breath, while what was polled may still be on its way.
    const key = pick(random, [...world.topics.partitions.keys()]);
    const { member } = pick(random, world.processes);
    world.topics.take(key)();
    world.topics.give(key, member);
  } else if (dice < 0.82) {
    world.trouble = pick(random, [0, 0.05, 0.3]);
  } else if (dice < 0.87) {
    zombies.splice(0).forEach((tell) => tell());
  }
  await world.time.advance(Math.floor(random() * 300));
  world.checkBounds();
}

async function oneRun(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const world = new ConsumerWorld(settingsOf(random), random);
  const zombies: (() => void)[] = [];
  await world.start();
  world.assign();
  for (let each = 0; each < STEPS; each += 1) await step(world, random, zombies);
  world.trouble = 0;
  zombies.forEach((tell) => tell());
  await world.start();
  for (let waits = 0; !world.isQuiet; waits += 1) {
    if (waits > 1_000) throw new Error('the consumers do not come to rest');
    if (waits % 20 === 0) world.assign();
    await world.time.advance(200);
    world.checkBounds();
  }
  world.checkResults();
  while (world.processes.length > 0) await world.stop(world.processes[0]!);
}

describe('consumers in a world of troubles', () => {
  test('effects happen once, in order per key, nothing is lost, no offset passes unfinished work', async () => {
    const first = testSeed();
    const runs = process.env['SEED'] === undefined ? RUNS : 1;
    for (let run = 0; run < runs; run += 1) {
      const seed = first + run;
      try {
        await oneRun(seed);
      } catch (error) {
        throw new Error(`run again with SEED=${seed}`, { cause: error });
      }
    }
  }, 900_000);
});
