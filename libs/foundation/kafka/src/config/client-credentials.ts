import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import type { ObtainedToken } from './cached-token.ts';

export interface ClientCredentials {
  /** Where the configuration names the endpoint, for messages. */
  readonly place: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: () => Promise<string>;
  readonly scope?: string | undefined;
  readonly timeoutMs: number;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
});

/** What an endpoint that does not tell is taken to mean. */
const VALID_MS_DEFAULT = 60_000;
const ANSWER_BYTES_MAX = 262_144;

/**
 * A token for client credentials (RFC 6749, section 4.4), asked for once and within the time given. Throws
 * SECRET_UNAVAILABLE with the endpoint and its error code; neither the secret nor an answer is part of the message.
 */
export async function obtainToken(
  credentials: ClientCredentials,
  request: typeof fetch = fetch,
): Promise<ObtainedToken> {
  const { tokenUrl, clientId, scope, timeoutMs } = credentials;
  const secret = await credentials.clientSecret();
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64');
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  let status: number;
  let text: string;
  try {
    const response = await request(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
      body,
      // A redirect would carry the secret elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    text = await boundedText(response);
  } catch (error) {
    throw unavailable(credentials, `does not answer: ${reasonOf(error)}`, error);
  }
  if (status !== 200) throw unavailable(credentials, `answers ${status}${errorCodeIn(text)}`);
  const answer = tokenAnswer.safeParse(jsonIn(text));
  if (!answer.success) throw unavailable(credentials, 'answers without an access_token');
  const seconds = answer.data.expires_in;
  return { token: answer.data.access_token, validMs: seconds === undefined ? VALID_MS_DEFAULT : seconds * 1_000 };
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** As section 2.3.1 of the RFC asks for before the two are joined by a colon. */
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses it, and the caller says so.
    return undefined;
  }
}

/** `invalid_client` and the like; anything else in the answer could be private. */
function errorCodeIn(text: string): string {
  const code = (jsonIn(text) as { error?: unknown } | null | undefined)?.error;
  return typeof code === 'string' && /^[a-z_]{1,60}$/.test(code) ? ` (${code})` : '';
}

/** The cause is the readable part of what fetch throws ("fetch failed"). */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

function unavailable({ place, tokenUrl }: ClientCredentials, what: string, cause?: unknown): TidemarkError {
  return new TidemarkError('SECRET_UNAVAILABLE', `${place}: ${new URL(tokenUrl).host} ${what}`, {
    cause,
    remedy:
      'Check tokenUrl, clientId and the client secret, and that the endpoint runs; it is asked again at the next connection.',
  });
}
