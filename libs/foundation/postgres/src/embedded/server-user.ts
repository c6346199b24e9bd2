import { readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import { embeddedFailure } from './embedded-failure.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The first of these users in the text of /etc/passwd that is not root. */
export function findUser(passwd: string, names: readonly string[]): ServerUser | undefined {
  const users = passwd.split('\n').map((line) => line.split(':'));
  for (const name of names) {
    const fields = users.find((user) => user[0] === name);
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    // macOS writes nobody as -2: the same number, as an unsigned one.
    if (Number.isSafeInteger(uid) && Number.isSafeInteger(gid) && uid !== 0) return { uid: uid >>> 0, gid: gid >>> 0 };
  }
  return undefined;
}

/**
 * Who runs the server: an ordinary user does it as themselves; for root, whom Postgres refuses, it is the owner of the data
 * that is there, else `postgres` or `nobody`. Throws EMBEDDED_POSTGRES_FAILED when the data belongs to somebody else.
 */
export async function serverUserFor(clusterFolder: string): Promise<ServerUser> {
  const self = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const owner = await ownerOf(clusterFolder);
  if (self.uid !== 0) {
    if (owner !== undefined && owner.uid !== self.uid)
      throw belongsToAnother(clusterFolder, owner.uid, String(self.uid));
    return self;
  }
  if (owner?.uid === 0) throw belongsToAnother(clusterFolder, 0, 'postgres');
  const user = owner ?? findUser(await readFile('/etc/passwd', 'utf8'), ['postgres', 'nobody']);
  if (user !== undefined) return user;
  throw embeddedFailure('Postgres does not run as root, and there is neither a user postgres nor nobody to run it as', {
    remedy:
      'Run this as an ordinary user, add a user named postgres, or set DATABASE_URL to use a Postgres of your own.',
  });
}

async function ownerOf(folder: string): Promise<ServerUser | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function belongsToAnother(folder: string, uid: number, wanted: string): Error {
  return embeddedFailure(`the data in ${folder} belongs to the user with id ${uid}, as whom the server cannot be run`, {
    remedy: `Run this as the user who made it, or give it away as root: chown -R ${wanted} ${folder}; or use another data folder (TIDEMARK_DATA).`,
  });
}
