import { saslOAuthBearer, saslPlain, saslScramSha } from '@platformatic/kafka';
import type { Connection, SASLCustomAuthenticator, SASLOptions } from '@platformatic/kafka';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import type { SaslSettings } from '../connection-settings.ts';
import { SignInFailed } from './failure.ts';

type Api = Parameters<SASLCustomAuthenticator>[2];
type Done = Parameters<SASLCustomAuthenticator>[6];

/** How long a session holds, as the broker answered: KIP-368. */
export interface Session {
  /** 0: for ever. */
  lifetimeMs: number;
}

/**
 * SASL for one connection. The library would sign in again on the same connection by a timer, between requests that are
 * on their way, which brokers refuse; so the lifetime is noted in `session` and hidden from it, and a connection is
 * replaced before its session ends.
 */
export function signIn(sasl: SaslSettings, session: Session): SASLOptions {
  return {
    mechanism: sasl.mechanism,
    authenticate: (...[, connection, authenticate, , , , callback]) => {
      const api = guarded(authenticate, callback);
      const done = outcome(sasl, session, callback);
      if (sasl.mechanism === 'OAUTHBEARER') {
        saslOAuthBearer.authenticate(api, connection, secret('token', sasl.token), { ...sasl.extensions }, done);
        return;
      }
      const password = secret('password', sasl.password);
      if (sasl.mechanism === 'PLAIN') saslPlain.authenticate(api, connection, sasl.username, password, done);
      else {
        const algorithm = sasl.mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512';
        const { defaultCrypto } = saslScramSha;
        saslScramSha.authenticate(api, connection, algorithm, sasl.username, password, defaultCrypto, done);
      }
    },
  };
}

/** What a source of secrets throws may have the secret in it: only our own errors are known not to. */
function secret(what: string, source: () => Promise<string>): () => Promise<string> {
  return async () => {
    try {
      return await source();
    } catch (error) {
      if (error instanceof TidemarkError) throw error;
      throw new SignInFailed(`the source of the ${what} failed`);
    }
  };
}

function outcome(sasl: SaslSettings, session: Session, callback: Done): Done {
  return (error, response) => {
    if (error !== null || response === undefined) return callback(error ?? new SignInFailed('no answer'));
    session.lifetimeMs = Number(response.sessionLifetimeMs);
    // A broker that does not take a token says why in an answer that is no error, and waits.
    if (sasl.mechanism === 'OAUTHBEARER' && response.authBytes.length > 0) {
      return callback(new SignInFailed(`the broker did not take the token: ${status(response.authBytes)}`));
    }
    return callback(null, { ...response, sessionLifetimeMs: 0n });
  };
}

/** The library reads a broker's answers without care, on the socket's event: what it throws there would end the process. */
function guarded(api: Api, callback: Done): Api {
  const call = (connection: Connection, bytes: Buffer, done: Done): void => {
    api(connection, bytes, (error, response) => {
      try {
        done(error, response);
      } catch (thrown) {
        callback(new SignInFailed(describeError(thrown)));
      }
    });
  };
  return Object.assign(call, api);
}

/** The status that RFC 7628 has in such an answer; nothing else of it is repeated. */
function status(answer: Buffer): string {
  const found = /"status"\s*:\s*"([\w .-]{1,60})"/.exec(answer.toString());
  return found?.[1] ?? 'no status';
}
