import { backoffMs } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import { unreachableReason } from '../access/unreachable-reason.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { RecordAnswer, TopicDetailAnswer } from './answers.ts';
import { EventStreamParser } from './event-stream.ts';
import { FailedAnswer } from './failed-answer.ts';
import type { RelayClient } from './relay-client.ts';

export interface FollowOptions {
  readonly from: 'earliest' | 'latest';
  /** Wins over `from`. */
  readonly since?: Date;
  readonly partition?: number;
  /** Asks for what values say by their schemas. */
  readonly decode?: boolean;
  /** Ends following. */
  readonly signal: AbortSignal;
  /** In [0, 1), for the pauses between attempts. */
  readonly random: () => number;
  /** Told when the connection is lost and when it is back. */
  readonly onState: (message: string) => void;
}

const PAUSE = { minMs: 250, maxMs: 5_000 } as const;
/** The relay sends a comment every 15 s; a connection that is silent for longer than this is dead. */
const SILENCE_MS = 45_000;

/**
 * Records of a topic as they come, each once and in order per partition, over any number of lost connections: the id of
 * an event names the next offset of every partition, and is sent back. Ends when the signal is aborted. Throws what the
 * relay refuses, and UNREACHABLE when it cannot be reached at the start.
 */
export async function* followTopic(
  client: RelayClient,
  topic: string,
  options: FollowOptions,
): AsyncGenerator<RecordAnswer> {
  const path = `/v1/topics/${encodeURIComponent(topic)}`;
  // Fixed before the first connection: "latest" must not become later when that one is lost before its first event.
  let lastEventId = await startOf(client, path, options);
  let attempt = 0;
  let wasConnected = false;
  while (!options.signal.aborted) {
    try {
      for await (const { id, data } of eventsOf(client, `${path}/tail`, lastEventId, options, () => {
        if (attempt > 0) options.onState('connected again');
        attempt = 0;
        wasConnected = true;
      })) {
        yield recordIn(data);
        lastEventId = id ?? lastEventId;
      }
      if (!options.signal.aborted) options.onState('the relay ended the stream; connecting again');
    } catch (error) {
      if (options.signal.aborted) return;
      if (!wasConnected || !isWorthARetry(error)) throw error;
      if (attempt === 0)
        options.onState(`connection lost (${unreachableReason(error, SILENCE_MS)}); trying again until Ctrl-C`);
    }
    await systemSleep(backoffMs(attempt, PAUSE, options.random()), options.signal);
    attempt += 1;
  }
}

async function startOf(client: RelayClient, path: string, options: FollowOptions): Promise<string | undefined> {
  if (options.since !== undefined || options.from === 'earliest') return undefined;
  const { partitionRanges } = await client.call<TopicDetailAnswer>(path);
  return partitionRanges.map(({ partition, endOffset }) => `${partition}:${endOffset}`).join(',');
}

async function* eventsOf(
  client: RelayClient,
  path: string,
  lastEventId: string | undefined,
  options: FollowOptions,
  onConnected: () => void,
) {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`silent for ${SILENCE_MS / 1_000} s`)), SILENCE_MS);
  const query = {
    // Partitions that are not in the id are new ones, which are read from their beginning.
    from: options.since === undefined ? 'earliest' : undefined,
    since: options.since?.toISOString(),
    partition: options.partition,
    decode: options.decode,
  };
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  try {
    const ended = AbortSignal.any([silence.signal, options.signal]);
    const stream = await client.open(path, { query, headers }, ended);
    onConnected();
    const parser = new EventStreamParser();
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      yield* parser.push(text);
    }
  } finally {
    clearTimeout(timer);
  }
}

function recordIn(data: string): RecordAnswer {
  try {
    return JSON.parse(data) as RecordAnswer;
  } catch (error) {
    throw new CommandError(EXIT.FAILED, 'the relay sent an event that is not JSON', { cause: error });
  }
}

/** A relay that restarts refuses or drops connections; what it refuses for a reason it would refuse again. */
function isWorthARetry(error: unknown): boolean {
  if (error instanceof FailedAnswer) return error.retryable;
  return !(error instanceof CommandError) || error.exitCode === EXIT.UNREACHABLE;
}
