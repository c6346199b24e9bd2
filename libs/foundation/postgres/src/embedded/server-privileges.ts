import { type PostgresBinaries } from './binaries.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { type Privileges, runProgram } from './run-program.ts';
import { type ServerUser } from './server-user.ts';

const PROBE_TIMEOUT_MS = 20_000;

/**
 * Ways to run Postgres as `user`, the least powerful first. As root, plainly changing the user is enough unless the project
 * lies under a folder that only root may enter (/root, mktemp -d). Then setpriv leaves the server one capability: to enter
 * and read what others may not; or, where even the programs are root's alone (umask 077), to pass over permissions.
 * no_setuid_fixup is needed because access(2), with which initdb looks for postgres, ignores capabilities without it.
 */
export function privilegesToTry(isRoot: boolean, user: ServerUser): Privileges[] {
  if (!isRoot) return [{ prefix: [] }];
  return [
    { prefix: [], uid: user.uid, gid: user.gid },
    withCapability(user, 'dac_read_search'),
    withCapability(user, 'dac_override'),
  ];
}

function withCapability(user: ServerUser, capability: string): Privileges {
  const only = `-all,+${capability}`;
  const prefix = [
    'setpriv',
    '--securebits=+no_setuid_fixup',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
  ];
  return { prefix: [...prefix, `--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`] };
}

export interface WorkingPrivileges {
  readonly privileges: Privileges;
  /** '18' for 18.4. */
  readonly majorVersion: string;
}

/** The first way in which the programs run and the data folder can be entered. Throws EMBEDDED_POSTGRES_FAILED if none does. */
export async function probePrivileges(
  ways: readonly Privileges[],
  binaries: PostgresBinaries,
  dataDir: string,
): Promise<WorkingPrivileges> {
  const outputs: string[] = [];
  for (const privileges of ways) {
    const command = ['/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', dataDir, binaries.postgres];
    const { ok, output } = await runProgram(privileges, command, PROBE_TIMEOUT_MS);
    const majorVersion = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
    if (ok && majorVersion !== undefined) return { privileges, majorVersion };
    outputs.push(output.trim());
  }
  throw embeddedFailure(`the Postgres programs in node_modules cannot be run for the data folder ${dataDir}`, {
    details: [...new Set(outputs)].join('\n'),
    remedy: ways.length > 1 ? REMEDY_ROOT : REMEDY_USER,
  });
}

const REMEDY_ROOT =
  'Postgres refuses to run as root, and the user it runs as instead cannot enter this folder: move the project (and TIDEMARK_DATA) ' +
  'to a folder that all users can enter, such as one below /opt or /srv; or install setpriv (util-linux); or run this as an ' +
  'ordinary user; or set DATABASE_URL to use a Postgres of your own.';
const REMEDY_USER =
  'Correct what the output names (glibc is needed on Linux), or set DATABASE_URL to use a Postgres of your own.';
