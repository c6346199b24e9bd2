import { inParallel } from '../in-parallel.ts';
import type { RegistryVersion } from '../reading/registry-snapshot.ts';
import type { OrderedStep } from './order-by-references.ts';

/**
 * Works on the steps, `concurrency` of them at a time, none before those that it comes after are done. The first failure ends
 * it: what is under way is waited for, nothing more is begun, and the failure is thrown.
 */
export async function runSteps(
  steps: readonly OrderedStep[],
  concurrency: number,
  work: (version: RegistryVersion) => Promise<void>,
): Promise<void> {
  const ends = steps.map(() => endOfStep());
  const indexes = [...steps.keys()];
  await inParallel(indexes, concurrency, async (index) => {
    const step = steps[index]!;
    let succeeded = false;
    try {
      // A step waits only for earlier ones, which have been begun: somebody is always at work.
      const before = await Promise.all(step.after.map((each) => ends[each]!.promise));
      if (!before.every(Boolean)) return;
      await work(step.version);
      succeeded = true;
    } finally {
      ends[index]!.resolve(succeeded);
    }
  });
}

/** A promise that is resolved from outside. */
function endOfStep(): { readonly promise: Promise<boolean>; readonly resolve: (succeeded: boolean) => void } {
  let resolve!: (succeeded: boolean) => void;
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
