import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { FolderFile } from './export-files.ts';
import { typeOfExtension } from './folder-documents.ts';

const FILES_MAX = 20_000;
const BYTES_MAX = 268_435_456;

/**
 * The files of a folder that can belong to schemas, by path: `.avsc`, `.json` and `.proto`, hidden files and folders left
 * out. Throws CommandError when the folder cannot be read or holds more than it should.
 */
export async function readFolder(folder: string): Promise<FolderFile[]> {
  const names = await listed(folder);
  const paths = names.filter((path) => typeOfExtension(path.slice(path.lastIndexOf('.') + 1)) !== undefined).sort();
  if (paths.length > FILES_MAX) throw tooMuch(folder, `more than ${FILES_MAX} files`);
  const files: FolderFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const text = await readFile(join(folder, path), 'utf8');
    bytes += text.length;
    if (bytes > BYTES_MAX) throw tooMuch(folder, `more than ${BYTES_MAX} bytes`);
    // What editors of some systems put before a text is no part of it.
    files.push({ path, text: text.replace(/^\uFEFF/, '') });
  }
  return files;
}

async function listed(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules'));
  } catch (error) {
    throw new CommandError(EXIT.FAILED, `cannot read the folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function tooMuch(folder: string, what: string): CommandError {
  return new CommandError(EXIT.FAILED, `${folder} has ${what}`, {
    remedy: 'Name the folder that holds the schemas and nothing else.',
  });
}
