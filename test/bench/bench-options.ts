import { parseArgs } from 'node:util';

/** What a run is asked for. Defaults give a run of about ten minutes; docs/BENCH.md names those of the recorded one. */
export interface BenchOptions {
  readonly suites: readonly string[];
  /** Names of measurements; empty: all of the suite. */
  readonly only: readonly string[];
  /** Rounds per comparison. */
  readonly rounds: number;
  /** Seconds per side and round of comparisons that run for a time. */
  readonly seconds: number;
  /** Messages of the backlog. */
  readonly backlog: number;
  /** Messages of the long history. */
  readonly history: number;
  /** Messages of the memory run. */
  readonly memoryMessages: number;
  /**
   * Combinations of the kafka suite, as bytes/partitions/compression; empty: a part of them. `all`: every one. Of the consumer suite,
   * as effect/concurrency; empty: all of them.
   */
  readonly cases: readonly string[];
}

export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '3' },
      backlog: { type: 'string', default: '500000' },
      history: { type: 'string', default: '1000000' },
      'memory-messages': { type: 'string', default: '200000' },
      cases: { type: 'string', default: '' },
    },
  });
  return {
    suites: positionals,
    only: values.only.split(',').filter((name) => name !== ''),
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    backlog: positive('backlog', values.backlog),
    history: positive('history', values.history),
    memoryMessages: positive('memory-messages', values['memory-messages']),
    cases: values.cases.split(',').filter((name) => name !== ''),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0, not '${text}'`);
  return value;
}
