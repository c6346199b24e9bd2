import { readFile, stat } from 'node:fs/promises';
import { describeError, TidemarkError } from '#libs/foundation/kernel';

/** Where secrets are read from; injected so that tests need neither files nor a real environment. */
export interface SecretAccess {
  /** Throws when the file cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A secret by the file or the variable that has it. */
export interface SecretSource {
  /** Where the configuration names it, for messages. */
  readonly place: string;
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}

/** Bounds what a mistyped path can pull into memory. */
export const SECRET_FILE_BYTES_MAX = 1_048_576;

/** Files of this machine. */
export async function readSecretFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > SECRET_FILE_BYTES_MAX) throw new Error(`larger than ${SECRET_FILE_BYTES_MAX} bytes`);
  return readFile(path, 'utf8');
}

/** The secret as it is now. Throws SECRET_UNAVAILABLE, which names the place and never the secret. */
export async function readSecret(source: SecretSource, access: SecretAccess): Promise<string> {
  const { place, file, env } = source;
  const text = file === undefined ? access.environment[env ?? ''] : await fileText(place, file, access);
  if (text === undefined || text === '') {
    const what = file === undefined ? `the environment variable ${env} is not set` : `the file ${file} is empty`;
    throw new TidemarkError('SECRET_UNAVAILABLE', `${place}: ${what}`);
  }
  return text;
}

async function fileText(place: string, file: string, access: SecretAccess): Promise<string> {
  try {
    return (await access.readFile(file)).replace(/\r?\n$/, '');
  } catch (error) {
    throw new TidemarkError('SECRET_UNAVAILABLE', `${place}: cannot read ${file}: ${describeError(error)}`, {
      cause: error,
    });
  }
}
