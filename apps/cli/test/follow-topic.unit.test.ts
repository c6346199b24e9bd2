import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { followTopic, type FollowOptions } from '../src/relay/follow-topic.ts';
import { RelayClient } from '../src/relay/relay-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

// A relay that does what relays do only when they are being killed, at moments that a real one cannot be made to choose.
let server: Server;
let client: RelayClient;
let tails: Handler[];
const stop = new AbortController();
const asked: { url: string; lastEventId: string | undefined }[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    if (!request.url!.includes('/tail')) {
      const ranges = [0, 1].map((partition) => ({ partition, startOffset: '0', endOffset: String(7 + partition) }));
      response.end(JSON.stringify({ partitionRanges: ranges }));
      return;
    }
    asked.push({ url: request.url!, lastEventId: request.headers['last-event-id'] as string | undefined });
    tails.shift()!(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new RelayClient({ url: `http://127.0.0.1:${port}`, authorization: undefined }, stop.signal);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const stream =
  (text: string, then: (response: ServerResponse) => void): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: open\n\n${text}`, () => then(response));
  };
const cutOff = (response: ServerResponse): void => void response.destroy();
const problem =
  (code: string, retryable: boolean): Handler =>
  (_request, response) => {
    response.writeHead(retryable ? 503 : 404).end(JSON.stringify({ code, detail: 'as told', retryable }));
  };

function follow(options: Partial<FollowOptions>, handlers: Handler[]): AsyncGenerator<unknown, void> {
  tails = handlers;
  const signal = new AbortController().signal;
  return followTopic(client, 'orders', {
    from: 'latest',
    signal,
    random: () => 0,
    onState: () => undefined,
    ...options,
  });
}

test('a connection lost before its first event goes on from where "latest" was', async () => {
  const records = follow({}, [stream('', cutOff), stream('id: 0:8,1:8\ndata: {"n":1}\n\n', () => undefined)]);
  expect((await records.next()).value).toEqual({ n: 1 });
  await records.return(undefined);
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual(['0:7,1:8', '0:7,1:8']);
});

test('after an event it goes on from its id; half an event is not printed, and comes again whole', async () => {
  const records = follow({ from: 'earliest' }, [
    stream('id: 0:1\ndata: {"n":1}\n\nid: 0:2\ndata: {"n"', cutOff),
    problem('SHUTTING_DOWN', true),
    stream('id: 0:2\ndata: {"n":2}\n\n', () => undefined),
  ]);
  expect((await records.next()).value).toEqual({ n: 1 });
  expect((await records.next()).value).toEqual({ n: 2 });
  await records.return(undefined);
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([undefined, '0:1', '0:1']);
  expect(asked[0]!.url).toBe('/v1/topics/orders/tail?from=earliest');
});

test('what the relay would refuse again ends it', async () => {
  const records = follow({}, [stream('', cutOff), problem('TOPIC_UNKNOWN', false)]);
  await expect(records.next()).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN', exitCode: 1 });
});

test('an event that is no JSON ends it', async () => {
  const records = follow({}, [stream('data: {\n\n', () => undefined)]);
  await expect(records.next()).rejects.toMatchObject({ exitCode: 1 });
});
