import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { FindingAnswer, VerifyReportAnswer } from './cluster-answers.ts';
import { EventStreamParser, type StreamEvent } from './event-stream.ts';
import type { RelayClient } from './relay-client.ts';

export type VerifyEventAnswer =
  | {
      readonly event: 'progress';
      readonly topic: string;
      readonly partition: number;
      readonly done: string;
      readonly total: string;
      readonly topicsDone: number;
      readonly topics: number;
    }
  | ({ readonly event: 'finding' } & FindingAnswer)
  | {
      readonly event: 'repair';
      readonly topic: string;
      readonly partition: number;
      readonly missing: string;
      readonly state: 'asked' | 'refilled' | 'not refilled';
    }
  | ({ readonly event: 'report' } & VerifyReportAnswer);

/** The relay sends a comment every 15 s; a connection that is silent for longer than this is dead. */
const SILENCE_MS = 45_000;

/**
 * A verification as it runs, its report last. Throws what the relay refuses or tells as an error, and UNREACHABLE when the
 * connection ends before the report.
 */
export async function* verifyEvents(
  client: RelayClient,
  cluster: string,
  body: object,
  interrupted: AbortSignal,
): AsyncGenerator<VerifyEventAnswer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`silent for ${SILENCE_MS / 1_000} s`)), SILENCE_MS);
  try {
    const ended = AbortSignal.any([silence.signal, interrupted]);
    const path = `/v1/clusters/${encodeURIComponent(cluster)}/verify`;
    const stream = await client.open(path, { method: 'POST', body }, ended);
    const parser = new EventStreamParser();
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      for (const event of parser.push(text)) {
        const answer = answerOf(event);
        if (answer !== undefined) yield answer;
        if (answer?.event === 'report') return;
      }
    }
  } catch (error) {
    throw error instanceof CommandError ? error : connectionLost(error);
  } finally {
    clearTimeout(timer);
  }
  throw connectionLost(undefined);
}

/** Undefined for events that need no answer: the beginning, and those of a newer relay. */
function answerOf({ event, data }: StreamEvent): VerifyEventAnswer | undefined {
  const fields = JSON.parse(data) as object;
  if (event === 'error') {
    const { code, detail, remedy } = fields as { code: string; detail: string; remedy: string };
    throw new CommandError(EXIT.FAILED, detail, { code, remedy });
  }
  if (event !== 'progress' && event !== 'finding' && event !== 'repair' && event !== 'report') return undefined;
  return { event, ...fields } as VerifyEventAnswer;
}

function connectionLost(cause: unknown): CommandError {
  return new CommandError(EXIT.UNREACHABLE, 'the connection to the relay was lost before the report', {
    remedy: 'Run the command again: a verification changes nothing and begins anew.',
    cause,
  });
}
