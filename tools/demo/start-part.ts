import type { Shutdown } from '#libs/foundation/lifecycle';

/**
 * Starts a part of the demo and makes its stop known before that: a Ctrl-C while it starts then waits until it can be
 * stopped. Throws SHUTTING_DOWN without starting it when the stop has begun already, and what the start throws.
 */
export function startPart<Part>(
  shutdown: Shutdown,
  name: string,
  start: () => Promise<Part>,
  stop: (part: Part, deadlineMs: number) => Promise<void>,
): Promise<Part> {
  let starting: Promise<Part | undefined> = Promise.resolve(undefined);
  shutdown.add(name, async (deadlineMs) => {
    const part = await starting;
    if (part !== undefined) await stop(part, deadlineMs);
  });
  const started = start();
  // Whoever asked for the start is told of its failure; there is nothing to stop then.
  starting = started.catch(() => undefined);
  return started;
}
