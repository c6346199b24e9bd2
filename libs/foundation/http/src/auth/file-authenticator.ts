import { type Credentials, verifySecret } from '#libs/foundation/credentials';
import { type Clock, systemClock } from '#libs/foundation/kernel';
import type { Logger } from '#libs/foundation/observability';
import type { Actor } from './actor.ts';
import type { AuthenticationRequest, Authenticator } from './authenticator.ts';
import { parseAuthorization } from './authorization-header.ts';
import { BoundedWork } from './bounded-work.ts';
import { CredentialFile } from './credential-file.ts';
import { VerifiedActors } from './verified-actors.ts';

/** Half of Node's four worker threads: file and DNS work must go on while hashes are computed. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING_MAX = 64;

/** Basic and bearer credentials from a file; see `parseCredentials` for its form and `CredentialFile` for changes. */
export class FileAuthenticator implements Authenticator {
  readonly #file: CredentialFile;
  readonly #verified: VerifiedActors;
  readonly #hashes = new BoundedWork(HASHES_AT_ONCE, HASHES_WAITING_MAX);
  #verifiedFor: Credentials | undefined;

  private constructor(file: CredentialFile, clock: Clock) {
    this.#file = file;
    this.#verified = new VerifiedActors(clock);
  }

  /** Throws CONFIG_INVALID when the file cannot be used. */
  static async open(path: string, logger: Logger, clock: Clock = systemClock): Promise<FileAuthenticator> {
    return new FileAuthenticator(await CredentialFile.open(path, logger, clock), clock);
  }

  /** Throws AUTHENTICATION_BUSY when too many unverified requests wait already. */
  async authenticate(request: AuthenticationRequest): Promise<Actor | undefined> {
    const header = request.headers['authorization'];
    if (typeof header !== 'string') return undefined;
    const credentials = await this.#file.current();
    if (credentials !== this.#verifiedFor) {
      this.#verified.clear();
      this.#verifiedFor = credentials;
    }
    return this.#verified.get(header) ?? this.#verify(header, credentials);
  }

  async #verify(header: string, credentials: Credentials): Promise<Actor | undefined> {
    const presented = parseAuthorization(header);
    if (presented === undefined) return undefined;
    const known = credentials[presented.kind].get(presented.name);
    const matches = await this.#hashes.run(() => verifySecret(presented.secret, known?.hash));
    if (!matches || known === undefined) return undefined;
    const actor: Actor = { name: known.name, role: known.role, via: presented.kind };
    // While the hash was computed the file may have changed; then this answer must not outlive it.
    if (credentials === this.#verifiedFor) this.#verified.set(header, actor);
    return actor;
  }
}
