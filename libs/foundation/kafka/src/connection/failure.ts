import { isNativeError } from 'node:util/types';
import { TidemarkError } from '#libs/foundation/kernel';
import { KAFKA_ERROR, kafkaErrorName } from '../kafka-errors.ts';

/** Why a broker gave no answer, in words that carry no secret. */
export interface Failure {
  readonly code: 'KAFKA_UNREACHABLE' | 'KAFKA_AUTHENTICATION_FAILED';
  readonly reason: string;
}

/** A failed sign-in, found out by ourselves. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';
}

interface ErrorParts {
  readonly code?: unknown;
  readonly apiCode?: unknown;
  readonly serverErrorMessage?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const SIGN_IN_CODES: readonly unknown[] = [
  KAFKA_ERROR.UNSUPPORTED_SASL_MECHANISM,
  KAFKA_ERROR.ILLEGAL_SASL_STATE,
  KAFKA_ERROR.SASL_AUTHENTICATION_FAILED,
];
/** What Node and OpenSSL say where one side does not trust the other's certificate. */
const TLS_TRUST =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED))/;

/**
 * Reads an error of the client library, of a socket or of a source of secrets. Their objects are not passed on: a
 * response that failed carries the bytes of the sign-in.
 */
export function describeFailure(error: unknown): Failure {
  const chain = causes(error);
  const refused = chain.find((each) => SIGN_IN_CODES.includes(parts(each).apiCode));
  if (refused !== undefined) return { code: 'KAFKA_AUTHENTICATION_FAILED', reason: refusal(parts(refused)) };
  const own = chain.find((each) => each instanceof SignInFailed || each instanceof TidemarkError);
  if (own !== undefined) return { code: 'KAFKA_AUTHENTICATION_FAILED', reason: text(own) };
  const untrusted = chain.find((each) => TLS_TRUST.test(String(parts(each).code)));
  if (untrusted !== undefined) return { code: 'KAFKA_AUTHENTICATION_FAILED', reason: `TLS: ${text(untrusted)}` };
  const signIn = chain.some((each) => parts(each).code === 'PLT_KFK_AUTHENTICATION');
  const deepest = chain.at(-1);
  return {
    code: signIn ? 'KAFKA_AUTHENTICATION_FAILED' : 'KAFKA_UNREACHABLE',
    reason: deepest === undefined ? 'no reason was given' : text(deepest),
  };
}

function refusal(error: ErrorParts): string {
  const said = typeof error.serverErrorMessage === 'string' ? `: ${error.serverErrorMessage}` : '';
  return `the broker refused the sign-in with ${kafkaErrorName(Number(error.apiCode))}${said}`;
}

function text(error: Error): string {
  if (error.message !== '') return error.message.replace(/\.$/, '');
  const { code } = parts(error);
  return typeof code === 'string' ? code : error.name;
}

/** An error and what caused it, outermost first; of several causes all. Bounded, should causes run in a circle. */
function causes(error: unknown, depth = 0): Error[] {
  if (!isNativeError(error) || depth > 8) return [];
  const { cause, errors } = parts(error);
  const several = Array.isArray(errors) ? errors.flatMap((each) => causes(each, depth + 1)) : [];
  return [error, ...several, ...causes(cause, depth + 1)];
}

const parts = (error: Error): ErrorParts => error;
