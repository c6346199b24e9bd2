import { type Clock, systemClock } from '#libs/foundation/kernel';
import type { KafkaConnectionSettings, SaslSettings, TlsSettings } from '../connection-settings.ts';
import { cachedToken } from './cached-token.ts';
import { obtainToken } from './client-credentials.ts';
import type { ConnectionSection, SaslSection, TlsSection } from './connection-schema.ts';
import { readSecret, type SecretAccess } from './secret-access.ts';

export interface ConnectionContext {
  /** Where the section stands, for messages: `clusters.eu`. */
  readonly place: string;
  readonly access: SecretAccess;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Asks token endpoints. Default: the global fetch. */
  readonly request?: typeof fetch;
}

/** A token endpoint gets no longer than this, nor longer than a connection. */
const TOKEN_TIMEOUT_MS = 10_000;

/** The settings of a section. Nothing is read yet: files, variables and token endpoints are asked at each connection. */
export function connectionFromSection(section: ConnectionSection, context: ConnectionContext): KafkaConnectionSettings {
  const { tls, sasl } = section;
  return {
    bootstrap: section.bootstrapServers,
    clientId: section.clientId,
    ...(tls === undefined ? {} : { tls: () => tlsFrom(tls, context) }),
    ...(sasl === undefined ? {} : { sasl: saslFrom(sasl, section.connectTimeoutMs, context) }),
    connectTimeoutMs: section.connectTimeoutMs,
    requestTimeoutMs: section.requestTimeoutMs,
  };
}

async function tlsFrom(section: TlsSection, { place, access }: ConnectionContext): Promise<TlsSettings> {
  const read = async (key: string, file: string | undefined, env?: string): Promise<string | undefined> =>
    file === undefined && env === undefined
      ? undefined
      : readSecret({ place: `${place}.tls.${key}`, file, env }, access);
  const ca = await read('caFile', section.caFile);
  const certificate = await read('certFile', section.certFile);
  const privateKey = await read('keyFile', section.keyFile);
  const password = await read('keyPassword', section.keyPasswordFile, section.keyPasswordEnv);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(password === undefined ? {} : { privateKeyPassword: password }),
    ...(section.serverName === undefined ? {} : { serverName: section.serverName }),
    verify: section.verify,
  };
}

const MECHANISMS = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

function saslFrom(section: SaslSection, connectTimeoutMs: number, context: ConnectionContext): SaslSettings {
  const { access } = context;
  const place = `${context.place}.sasl`;
  if (section.mechanism === 'oauthbearer') {
    return {
      mechanism: 'OAUTHBEARER',
      token: tokenFrom(section, Math.min(TOKEN_TIMEOUT_MS, connectTimeoutMs), context),
      ...(section.extensions === undefined ? {} : { extensions: section.extensions }),
    };
  }
  const source = { place: `${place}.password`, file: section.passwordFile, env: section.passwordEnv };
  return {
    mechanism: MECHANISMS[section.mechanism],
    username: section.username ?? '',
    password: () => readSecret(source, access),
  };
}

function tokenFrom(section: SaslSection, timeoutMs: number, context: ConnectionContext): () => Promise<string> {
  const { access } = context;
  const place = `${context.place}.sasl`;
  const { tokenUrl, tokenFile, tokenEnv } = section;
  if (tokenUrl === undefined) {
    return () => readSecret({ place: `${place}.token`, file: tokenFile, env: tokenEnv }, access);
  }
  const secret = { place: `${place}.clientSecret`, file: section.clientSecretFile, env: section.clientSecretEnv };
  const credentials = {
    place: `${place}.tokenUrl`,
    tokenUrl,
    clientId: section.clientId ?? '',
    clientSecret: () => readSecret(secret, access),
    scope: section.scope,
    timeoutMs,
  };
  return cachedToken(() => obtainToken(credentials, context.request), context.clock ?? systemClock);
}
