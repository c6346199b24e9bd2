import process from 'node:process';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
// 128 + SIGINT, what a shell reports for a program that was interrupted.
const EXIT_INTERRUPTED = 130;

/**
 * Signals that come before everything is up: the first one is noted, so that the start ends after the part that is
 * being started and stops what runs; the second one ends the process at once. `release` gives the signals back.
 */
export function signalsWhileStarting(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    process.stderr.write(`${name}: stopping as soon as what is being started is up; once more to stop at once\n`);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
