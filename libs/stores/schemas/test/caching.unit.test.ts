import { describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { RevisionWatch } from '../src/caching/revision-watch.ts';
import { Turns } from '../src/caching/turns.ts';

describe('the revision watch', () => {
  const watching = (read: () => Promise<bigint>) => {
    const state = { now: 0, changes: 0 };
    const watch = new RevisionWatch({
      read,
      onChange: () => state.changes++,
      clock: { now: () => state.now },
      freshMs: 100,
      aloneMs: 1_000,
    });
    return { state, watch };
  };

  test('asks once for all that wait, and not again while the answer is fresh', async () => {
    let reads = 0;
    const { state, watch } = watching(() => Promise.resolve(BigInt(++reads)));
    expect(watch.isFresh()).toBe(false);
    await Promise.all([watch.refresh(), watch.refresh(), watch.refresh()]);
    expect([reads, watch.isFresh(), state.changes]).toEqual([1, true, 0]);
    state.now = 100;
    expect(watch.isFresh()).toBe(false);
    await watch.refresh();
    expect([reads, state.changes]).toEqual([2, 1]);
  });

  test('goes on alone while Postgres is away, but not for ever', async () => {
    let away = false;
    const gone = new TidemarkError('DATABASE_UNAVAILABLE', 'away');
    const { state, watch } = watching(() => (away ? Promise.reject(gone) : Promise.resolve(1n)));
    await watch.refresh();
    away = true;
    state.now = 900;
    await watch.refresh();
    state.now = 1_001;
    await expect(watch.refresh()).rejects.toBe(gone);
  });

  test('what this process changes itself is forgotten at once', async () => {
    const { state, watch } = watching(() => Promise.resolve(1n));
    await watch.refresh();
    watch.changed();
    expect([state.changes, watch.isFresh()]).toEqual([1, false]);
    watch.seen(5n);
    watch.seen(5n);
    expect([state.changes, watch.isFresh()]).toEqual([1, true]);
    watch.seen(6n);
    expect(state.changes).toBe(2);
  });
});

describe('turns', () => {
  test('works of one key run one after the other in their order, also after one that fails', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string, fails = false) =>
      turns.take('a', async (waited) => {
        log.push(`${name} begins${waited ? ' after another' : ''}`);
        await Promise.resolve();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const outcomes = await Promise.allSettled([work('one', true), work('two'), work('three')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(log).toEqual([
      'one begins',
      'one ends',
      'two begins after another',
      'two ends',
      'three begins after another',
      'three ends',
    ]);
    await work('four');
    expect(log).toContain('four begins');
  });

  test('works of other keys do not wait', async () => {
    const turns = new Turns();
    let release = (): void => undefined;
    const held = turns.take('a', () => new Promise<void>((resolve) => void (release = resolve)));
    await expect(turns.take('b', (waited) => Promise.resolve(waited))).resolves.toBe(false);
    release();
    await held;
  });
});
