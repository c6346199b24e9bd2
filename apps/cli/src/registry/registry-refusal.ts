import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

/** What a registry refused, in Confluent's shape: `errorCode` is its number, such as 40401, or the HTTP status. */
export class RegistryRefusal extends CommandError {
  readonly errorCode: number;
  readonly status: number;
  /** The answer, for details that a registry adds. */
  readonly body: unknown;

  constructor(status: number, text: string, place: { url: string; path: string; namedBy: string }) {
    const body = parsed(text);
    const told = messageIn(body);
    super(EXIT.FAILED, `${told ?? 'no reason was given'} (${status} from ${place.url}${place.path})`, {
      code: codeIn(body),
      remedy: remedyFor(status, told, place.namedBy),
    });
    this.status = status;
    this.errorCode = Number(codeIn(body) ?? status);
    this.body = body;
  }
}

/** Statuses after which the clients of registries try again. */
export function isTransient(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageIn(body: unknown): string | undefined {
  const message = (body as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

function codeIn(body: unknown): string | undefined {
  const code = (body as { error_code?: unknown } | null | undefined)?.error_code;
  return typeof code === 'number' ? String(code) : undefined;
}

function remedyFor(status: number, told: string | undefined, namedBy: string): string | undefined {
  if (status === 401 || status === 403) {
    return namedBy === '--from'
      ? 'Give credentials that it knows: --from-user name:password or --from-token token (TIDEMARK_REGISTRY_FROM_USER, …_TOKEN).'
      : 'Give credentials that it knows and that may do this: --user name:password or --token name.secret (TIDEMARK_REGISTRY_USER, …_TOKEN).';
  }
  if (told === undefined) return `Check that ${namedBy} names a schema registry, and not a proxy in front of it.`;
  return isTransient(status) ? 'It may pass: try again.' : undefined;
}
