import { expect, test } from '@jest/globals';
import { interleaved } from '../src/clusters/verify/interleaved.ts';

/** Generators of `count` items each, and how many of them are under way. */
class Counted {
  opened = 0;
  underWay = 0;
  most = 0;
  /** Rejects the next item of the generator with this number. */
  fails = -1;

  async *all(generators: number, count: number): AsyncGenerator<AsyncGenerator<string>> {
    for (let index = 0; index < generators; index += 1) {
      await Promise.resolve();
      this.opened += 1;
      yield this.#one(index, count);
    }
  }

  async *#one(index: number, count: number): AsyncGenerator<string> {
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      for (let item = 0; item < count; item += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.fails === index) throw new Error(`${index} fails`);
        yield `${index}.${item}`;
      }
    } finally {
      this.underWay -= 1;
    }
  }
}

async function taken(items: AsyncGenerator<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('gives all items, those of one generator in their order, with no more than so many under way', async () => {
  const counted = new Counted();
  const items = await taken(interleaved(counted.all(10, 5), 3));
  expect([counted.most, counted.underWay]).toEqual([3, 0]);
  for (let index = 0; index < 10; index += 1)
    expect(items.filter((item) => item.startsWith(`${index}.`))).toEqual([0, 1, 2, 3, 4].map((n) => `${index}.${n}`));
  expect(items.indexOf('1.0')).toBeLessThan(items.indexOf('0.4'));
  expect(await taken(interleaved(new Counted().all(0, 1), 3))).toEqual([]);
});

test('asks for nothing before somebody takes it', async () => {
  const counted = new Counted();
  const items = interleaved(counted.all(10, 5), 3);
  expect(counted.opened).toBe(0);
  await items.next();
  expect(counted.opened).toBeLessThanOrEqual(4);
  await items.return();
  expect(counted.underWay).toBe(0);
});

test('when one fails, that is thrown, and the others have ended', async () => {
  const counted = new Counted();
  counted.fails = 1;
  await expect(taken(interleaved(counted.all(10, 5), 3))).rejects.toThrow('1 fails');
  expect([counted.underWay, counted.opened < 10]).toEqual([0, true]);
});

test('when opening one fails, that is thrown, and the others have ended', async () => {
  const counted = new Counted();
  async function* torn(): AsyncGenerator<AsyncGenerator<string>> {
    yield* counted.all(2, 5);
    throw new Error('nothing more');
  }
  await expect(taken(interleaved(torn(), 3))).rejects.toThrow('nothing more');
  expect(counted.underWay).toBe(0);
});
