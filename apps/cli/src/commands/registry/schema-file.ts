import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { CommandError, usageError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { typeOfExtension } from '../../registry/folder/folder-documents.ts';

/** Reads a schema from a file; its format is `type`, else that of the extension. */
export async function readSchemaFile(
  file: string,
  type: string | undefined,
): Promise<{ readonly schema: string; readonly schemaType: string }> {
  const schemaType = type ?? typeOfExtension(extname(file).slice(1));
  if (schemaType === undefined) {
    throw usageError(`${file} does not say its format`, 'Name it .avsc, .json or .proto, or give --type.');
  }
  try {
    return { schema: (await readFile(file, 'utf8')).replace(/^\uFEFF/, ''), schemaType };
  } catch (error) {
    throw new CommandError(EXIT.FAILED, `cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

export interface GivenReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** Adds one `name=subject` or `name=subject@version` to the references, for an option that can be repeated. */
export function addReference(text: string, before: readonly GivenReference[] = []): GivenReference[] {
  const match = /^([^=]+)=(.+?)(?:@(\d{1,9}|latest))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('expected name=subject or name=subject@version');
  const [, name, subject, version = 'latest'] = match;
  return [...before, { name: name!, subject: subject!, version: version === 'latest' ? -1 : Number(version) }];
}
