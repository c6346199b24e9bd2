import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { FolderFile } from './export-files.ts';
import { readFolder } from './read-folder.ts';

export interface FolderChange {
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
}

const MARK = 'registry.json';

/**
 * Makes a folder hold exactly these files: new and changed ones are written, and files of schemas that are not among them are
 * removed. Other files, and hidden ones, are left alone. Throws CommandError, having changed nothing, when the folder has
 * files of schemas but was not written by an export.
 */
export async function writeFolder(folder: string, files: readonly FolderFile[]): Promise<FolderChange> {
  await mkdir(folder, { recursive: true });
  const before = new Map((await readFolder(folder)).map(({ path, text }) => [path, text]));
  if (before.size > 0 && !(before.get(MARK) ?? '').includes('"layout": 1')) {
    throw new CommandError(EXIT.FAILED, `${folder} has files that no export wrote`, {
      remedy:
        'Name an empty folder, or one that was exported to before: files that are no longer needed are removed there.',
    });
  }
  const kept = new Set(files.map(({ path }) => path));
  const removed = [...before.keys()].filter((path) => !kept.has(path));
  for (const path of removed) await rm(join(folder, path));
  for (const path of new Set(removed.map(dirname))) await removeIfEmpty(folder, path);
  let written = 0;
  for (const { path, text } of files) {
    if (before.get(path) === text) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    written += 1;
  }
  return { written, removed: removed.length, unchanged: files.length - written };
}

async function removeIfEmpty(folder: string, path: string): Promise<void> {
  if (path === '.') return;
  try {
    await rmdir(join(folder, path));
  } catch (error) {
    // Somebody keeps something else in it.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return;
  }
  await removeIfEmpty(folder, dirname(path));
}
