import { readFile, stat } from 'node:fs/promises';
import { type Credentials, parseCredentials } from '#libs/foundation/credentials';
import { type Clock, describeError, systemClock, TidemarkError } from '#libs/foundation/kernel';
import type { Logger } from '#libs/foundation/observability';

const FILE_BYTES_MAX = 4 * 1024 * 1024;
const RECHECK_MS = 1_000;

/**
 * The credentials of a file, re-read within a second after it changes. A change that cannot be read or parsed is logged
 * once and the last good credentials stay in force: a slip while editing must not lock everybody out.
 */
export class CredentialFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #current: Credentials;
  #version: string;
  #checkedAtMs: number;
  #checking: Promise<void> | undefined;

  private constructor(
    path: string,
    logger: Logger,
    clock: Clock,
    first: { version: string; credentials: Credentials },
  ) {
    this.#path = path;
    this.#logger = logger;
    this.#clock = clock;
    this.#current = first.credentials;
    this.#version = first.version;
    this.#checkedAtMs = clock.now();
  }

  /** Throws CONFIG_INVALID when the file cannot be read or is wrong: a start without working credentials makes no sense. */
  static async open(path: string, logger: Logger, clock: Clock = systemClock): Promise<CredentialFile> {
    try {
      const version = await versionOf(path);
      return new CredentialFile(path, logger, clock, { version, credentials: await read(path) });
    } catch (error) {
      if (error instanceof TidemarkError) throw error;
      throw new TidemarkError(
        'CONFIG_INVALID',
        `TIDEMARK_CREDENTIALS_FILE: cannot read ${path}: ${describeError(error)}`,
        { cause: error },
      );
    }
  }

  /** The credentials in force. A new object after each change, so that callers can see that there was one. */
  async current(): Promise<Credentials> {
    if (this.#clock.now() - this.#checkedAtMs >= RECHECK_MS) {
      this.#checking ??= this.#recheck().finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    return this.#current;
  }

  async #recheck(): Promise<void> {
    this.#checkedAtMs = this.#clock.now();
    let version: string;
    try {
      version = await versionOf(this.#path);
    } catch (error) {
      version = `unreadable: ${describeError(error)}`;
    }
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#current = await read(this.#path);
      this.#logger.info('re-read credentials', { path: this.#path });
    } catch (error) {
      this.#logger.error('kept the old credentials: the changed file cannot be used', { path: this.#path, error });
    }
  }
}

async function versionOf(path: string): Promise<string> {
  const { mtimeNs, size, ino } = await stat(path, { bigint: true });
  return `${mtimeNs}/${size}/${ino}`;
}

async function read(path: string): Promise<Credentials> {
  const { size } = await stat(path);
  if (size > FILE_BYTES_MAX)
    throw new TidemarkError('CONFIG_INVALID', `${path} is larger than ${FILE_BYTES_MAX} bytes`);
  return parseCredentials(await readFile(path, 'utf8'), path);
}
