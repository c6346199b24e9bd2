import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Connection, Reader, Writer } from '@platformatic/kafka';
import type { ConnectionOptions } from '@platformatic/kafka';
import type { KafkaConnectionSettings, TlsSettings } from '../connection-settings.ts';
import { kafkaErrorName } from '../kafka-errors.ts';
import { API_VERSIONS } from '../protocol/api-versions.ts';
import type { ApiCall, VersionRange } from '../protocol/api-call.ts';
import { type Session, signIn } from './sign-in.ts';

/** Kafka remembers the last five batches of a producer: with more on their way a lost answer could not be repeated. */
const MAX_IN_FLIGHT = 5;
/** How much later than we the library gives up a request. */
const BACKSTOP_MS = 5_000;
/** Share of a session's life after which its connection is replaced. */
const SESSION_SHARE = 0.8;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One open connection: signed in, and with the versions that its broker speaks. */
export interface Link {
  readonly versions: ReadonlyMap<number, VersionRange>;
  /** When the connection should be replaced, as performance.now(); Infinity when the session does not end. */
  readonly retireAt: number;
  /** Requests go out in the order of the calls, up to five at a time; answers come in the same order. */
  send<Answer>(api: ApiCall<never, Answer>, version: number, request: Writer): Promise<Answer>;
  /** Called once, when the connection is no longer of use. */
  onEnd(listener: () => void): void;
  /** Ends it at once; requests on their way fail. */
  end(): void;
}

/** Connects, signs in and asks for versions, until `closing` aborts. Throws what the library throws; see describeFailure. */
export async function openLink(
  address: Address,
  settings: KafkaConnectionSettings,
  closing: AbortSignal,
): Promise<Link> {
  const session: Session = { lifetimeMs: 0 };
  const tls = settings.tls && (await unlessAborted(settings.tls(), closing));
  const connection = new Connection(settings.clientId, connectionOptions(settings, tls, address, session));
  // Requests on their way are told no more than that the connection is closed. Without a listener the process would end.
  let ended: Error | undefined;
  connection.on('error', (error) => (ended ??= error));
  const send: Link['send'] = async (api, version, request) => {
    const overdue = setTimeout(() => {
      ended ??= new Error(`no answer within ${settings.requestTimeoutMs} ms`);
      cut(connection.socket);
    }, settings.requestTimeoutMs);
    try {
      return await sendOn(connection, api, version, request);
    } catch (error) {
      throw ended ?? error;
    } finally {
      clearTimeout(overdue);
    }
  };
  try {
    await unlessAborted(dial(connection, address), closing);
    const retireAt = session.lifetimeMs > 0 ? performance.now() + session.lifetimeMs * SESSION_SHARE : Infinity;
    const { errorCode, versions } = await unlessAborted(send(API_VERSIONS, 0, Writer.create()), closing);
    if (errorCode !== 0) throw new Error(`the broker answers its versions with ${kafkaErrorName(errorCode)}`);
    return {
      versions,
      retireAt,
      send,
      onEnd: (listener) => void connection.once('close', listener),
      end: () => cut(connection.socket),
    };
  } catch (error) {
    connection.socket?.destroy();
    throw error;
  }
}

/**
 * Ends a connection with a reset: what the kernel has not sent yet must not arrive after its sender gave it up. Node can
 * reset plain connections only; what is left of one with TLS may still be delivered when the network comes back.
 */
function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

async function dial(connection: Connection, { host, port }: Address): Promise<void> {
  const connected = connection.connect(host, port);
  connection.socket.on('error', () => undefined);
  await connected;
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const waiting = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(new Error('the client is closed'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { signal: waiting.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    waiting.abort();
  }
}

function connectionOptions(
  settings: KafkaConnectionSettings,
  tls: TlsSettings | undefined,
  { host }: Address,
  session: Session,
): ConnectionOptions {
  return {
    connectTimeout: settings.connectTimeoutMs,
    // Ours comes first: it resets the connection.
    requestTimeout: settings.requestTimeoutMs + BACKSTOP_MS,
    maxInflights: MAX_IN_FLIGHT,
    tls: tls && tlsOptions(tls),
    // Proxies in front of brokers choose by the name in the first message, which Node sends only when it is told to.
    tlsServerName: tls?.serverName ?? (isIP(host) === 0 ? host : undefined),
    sasl: settings.sasl && signIn(settings.sasl, session),
  };
}

function tlsOptions(tls: TlsSettings): ConnectionOptions['tls'] {
  return {
    ca: tls.ca,
    cert: tls.certificate,
    key: tls.privateKey,
    passphrase: tls.privateKeyPassword,
    rejectUnauthorized: tls.verify,
  };
}

async function sendOn<Answer>(
  connection: Connection,
  api: ApiCall<never, Answer>,
  version: number,
  request: Writer,
): Promise<Answer> {
  const flexible = version >= api.flexibleFrom;
  return await new Promise((resolve, reject) => {
    connection.send(
      api.key,
      version,
      () => request,
      // An answer that came in pieces is put together once, not at each of its fields.
      (_id, _key, _version, reader) => api.read(Reader.from(reader.buffer.buffer), version),
      flexible,
      flexible,
      (error, answer) => (error === null ? resolve(answer as Answer) : reject(error)),
    );
  });
}
