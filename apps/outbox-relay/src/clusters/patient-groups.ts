import type { KafkaClient } from '#libs/foundation/kafka';
import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';

type Groups = Pick<KafkaClient, 'groupOffsets' | 'groupMembers' | 'commitGroupOffsets'>;

/** A cluster that no group has used yet makes its topic of offsets at the first question, which takes some seconds. */
const PATIENCE_MS = 10_000;
const PAUSE = { minMs: 100, maxMs: 1_000 } as const;

/**
 * The group calls of a client, asked again for ten seconds in all while the cluster or the group's coordinator does not
 * answer. Each may be repeated: a commit sets offsets, it does not add to them. Throws what the client throws last, and
 * the signal's reason.
 */
export function patientGroups(
  client: Groups,
  { signal, sleep, now, random }: { signal: AbortSignal; sleep: Sleep; now: () => number; random: () => number },
): Groups {
  const deadline = now() + PATIENCE_MS;
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof TidemarkError) || !error.retryable || now() >= deadline) throw error;
      }
      await sleep(backoffMs(attempt, PAUSE, random()), signal);
      signal.throwIfAborted();
    }
  };
  return {
    groupOffsets: (group) => patiently(() => client.groupOffsets(group)),
    groupMembers: (group) => patiently(() => client.groupMembers(group)),
    commitGroupOffsets: (group, offsets) => patiently(() => client.commitGroupOffsets(group, offsets)),
  };
}
