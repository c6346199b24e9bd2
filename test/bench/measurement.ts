import type { BenchOptions } from './bench-options.ts';
import type { BenchServer } from './bench-server.ts';
import type { Finding } from './finding.ts';

/** What a measurement gets. */
export interface Bench {
  readonly server: BenchServer;
  readonly options: BenchOptions;
  /** Tells people what happens now; measurements take minutes. */
  readonly progress: (line: string) => void;
}

export interface Measurement {
  /** For --only. */
  readonly name: string;
  /** Calls `found` as soon as a finding is there, so that an interrupted run has shown something. */
  readonly run: (bench: Bench, found: (finding: Finding) => void) => Promise<void>;
}
