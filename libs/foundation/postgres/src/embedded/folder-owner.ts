import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';

/**
 * Gives a file that root has just made to the owner of its folder: otherwise one start as root would lock an ordinary user
 * out of their own data folder. Does nothing for other users, who own what they make.
 */
export async function giveToFolderOwner(path: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  await chown(path, uid, gid);
}
