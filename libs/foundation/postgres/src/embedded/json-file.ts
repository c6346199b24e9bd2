import { readFile, rename, writeFile } from 'node:fs/promises';
import { giveToFolderOwner } from './folder-owner.ts';

/** The parsed file; undefined when there is none or when its text is no JSON. Other errors of reading are thrown. */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Replaces the file as a whole, readable by its owner only, so that a reader sees the old or the new one. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await giveToFolderOwner(temporary);
  await rename(temporary, path);
}
