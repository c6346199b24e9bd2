import { TidemarkError } from '#libs/foundation/kernel';

/** Where an application's pool connects to, in the words of `pg`. */
export interface ConnectionFacts {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: unknown;
  readonly database?: string;
  readonly ssl?: unknown;
}

/**
 * The URL for connections of the platform's own to the database that an application's pool is connected to. Empty when the pool
 * leaves all to the environment (PGHOST and so on), which holds for other connections, too. Throws CONSUMER_INVALID for what a
 * URL cannot say.
 */
export function connectionUrl(facts: ConnectionFacts): string {
  if (typeof facts.password === 'function') refuse('its password comes from a function');
  if (typeof facts.ssl === 'object' && facts.ssl !== null) refuse('its TLS settings are an object');
  const base = facts.url ?? fromParts(facts);
  if (facts.ssl !== true || /[?&]sslmode=/.test(base)) return base;
  if (base === '') refuse('it asks for TLS and names no server');
  return `${base}${base.includes('?') ? '&' : '?'}sslmode=require`;
}

function fromParts({ host, port, user, password, database }: ConnectionFacts): string {
  if ([host, port, user, password, database].every((part) => part === undefined)) return '';
  const secret = typeof password === 'string' && password !== '' ? `:${encodeURIComponent(password)}` : '';
  const login = user === undefined ? '' : `${encodeURIComponent(user)}${secret}@`;
  const path = `/${encodeURIComponent(database ?? user ?? '')}`;
  // The folder of a Unix socket cannot stand where a host does.
  if (host?.startsWith('/') === true)
    return `postgres://${login}${path}?host=${encodeURIComponent(host)}${portOf(port)}`;
  return `postgres://${login}${host ?? 'localhost'}:${port ?? 5432}${path}`;
}

function portOf(port: number | undefined): string {
  return port === undefined ? '' : `&port=${port}`;
}

function refuse(why: string): never {
  throw new TidemarkError('CONSUMER_INVALID', `the consumer cannot connect to the database of this pool: ${why}`, {
    remedy: 'Pass `url`: heartbeats and reads need connections of their own to the same database.',
  });
}
