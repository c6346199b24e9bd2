import { open, readFile, rename, rm } from 'node:fs/promises';
import process from 'node:process';
import { describeError } from '#libs/foundation/kernel';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

/** The text of the file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cannot('read', path, error);
  }
}

/**
 * Replaces the file in one step, readable by its owner alone: a relay that re-reads it meanwhile sees the old text or the
 * new one.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw cannot('write', path, error);
  }
}

function cannot(what: string, path: string, error: unknown): CommandError {
  return new CommandError(EXIT.FAILED, `cannot ${what} ${path}: ${describeError(error)}`, { cause: error });
}
