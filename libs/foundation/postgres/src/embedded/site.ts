import { type Clock } from '#libs/foundation/kernel';
import { type Sleep } from '#libs/foundation/lifecycle';
import { type PostgresBinaries } from './binaries.ts';
import { type ProcessIdentity } from './process-identity.ts';
import { type Privileges } from './run-program.ts';
import { type ServerLog } from './server-log.ts';
import { type ServerUser } from './server-user.ts';

/** What one start has found out about its folder and this machine, before it touches the data. */
export interface Site {
  /** Absolute, without symbolic links, so that it can be compared with what a running server reports. */
  readonly dataDir: string;
  /** The data of Postgres itself: `<dataDir>/postgres`. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly majorVersion: string;
  readonly user: ServerUser;
  readonly privileges: Privileges;
  readonly self: ProcessIdentity;
  readonly serverLog: ServerLog;
  readonly report: (line: string) => void;
  readonly startTimeoutMs: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** How often files and processes are looked at while waiting for a change, in ms. */
export const POLL_MS = 50;
