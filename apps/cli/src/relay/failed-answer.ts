import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

interface ProblemDocument {
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
  readonly retryable?: boolean;
  readonly requestId?: string;
}

/** An answer that is no success, as the error that ends the command. `retryable` tells a stream whether to try again. */
export class FailedAnswer extends CommandError {
  readonly retryable: boolean;

  constructor(message: string, options: { code?: string; remedy?: string; retryable: boolean }) {
    super(EXIT.FAILED, message, options);
    this.retryable = options.retryable;
  }
}

/** Reads an RFC 9457 problem document; anything else did not come from a relay. */
export function failedAnswer(status: number, body: string, url: string): FailedAnswer {
  const problem = problemIn(body);
  if (problem === undefined) {
    return new FailedAnswer(`${url} answered ${status} without saying why`, {
      retryable: status >= 502 && status <= 504,
      remedy: 'Check that --url (TIDEMARK_URL) names the relay, and not another service or a proxy in front of it.',
    });
  }
  const request =
    problem.code === 'INTERNAL' && problem.requestId !== undefined ? ` (request ${problem.requestId})` : '';
  const needsCredentials = problem.code === 'UNAUTHENTICATED';
  return new FailedAnswer(`${problem.detail}${request}`, {
    code: problem.code,
    retryable: problem.retryable === true,
    remedy: needsCredentials
      ? 'Give credentials that the relay knows: --user name:password or --token name.secret (TIDEMARK_USER, TIDEMARK_TOKEN).'
      : problem.remedy,
  });
}

function problemIn(body: string): ProblemDocument | undefined {
  try {
    const document = JSON.parse(body) as Partial<ProblemDocument> | null;
    if (typeof document?.code !== 'string' || typeof document.detail !== 'string') return undefined;
    return document as ProblemDocument;
  } catch {
    return undefined;
  }
}
