import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createResponseChecker, type OpenApiDocument, type ResponseChecker } from '#libs/foundation/http';
import { startTestRelay, type TestRelay } from './running-relay.ts';

let relay: TestRelay;
let document: OpenApiDocument;
let check: ResponseChecker;

beforeAll(async () => {
  relay = await startTestRelay();
  document = (await (await relay.get('/openapi.json')).json()) as OpenApiDocument;
  check = createResponseChecker(document);
  await relay.database.db.query(`select outbox.create_topic('orders', 3), outbox.create_topic('quiet', 1)`);
  await relay.database.db.query(
    `select outbox.emit('orders', 'k' || n % 4, to_jsonb(n), '{"a": "1"}') from generate_series(1, 40) n`,
  );
  await relay.caughtUp();
});
afterAll(() => relay.stop());

/** The answer as JSON, after it was held against the OpenAPI document. */
async function documented(
  method: string,
  path: string,
  response: Response,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const contentType = response.headers.get('content-type');
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const problems = check({ method, path: path.split('?')[0]!, status: response.status, contentType, body });
  expect({ method, path, status: response.status, problems }).toMatchObject({ problems: [] });
  return { status: response.status, body: body as Record<string, unknown> };
}

const get = async (path: string) => documented('GET', path, await relay.get(path));
const send = async (method: string, path: string, body: unknown, headers?: Record<string, string>) =>
  documented(method, path, await relay.send(method, path, body, headers));

describe('topics', () => {
  test('create, list, describe, alter', async () => {
    expect(await send('POST', '/v1/topics', { name: 'made', partitions: 2, retentionMs: '60000' })).toMatchObject({
      status: 201,
      body: { name: 'made', partitions: 2, ordering: 'key', retentionMs: '60000' },
    });
    expect(await send('PATCH', '/v1/topics/made', { partitions: 4, retentionMs: null })).toMatchObject({
      status: 200,
      body: { partitions: 4, retentionMs: null },
    });
    expect(await send('PATCH', '/v1/topics/made', { partitions: 3 })).toMatchObject({
      status: 422,
      body: { code: 'TOPIC_INVALID' },
    });
    expect(await send('POST', '/v1/topics', { name: 'made' })).toMatchObject({
      status: 409,
      body: { code: 'TOPIC_EXISTS' },
    });
    expect((await get('/v1/topics/made')).body).toMatchObject({ records: '0', partitionRanges: { length: 4 } });
    const first = await get('/v1/topics?limit=2');
    const second = await get(`/v1/topics?limit=2&cursor=${String(first.body['nextCursor'])}`);
    const names = [first, second].flatMap((page) =>
      (page.body['items'] as { name: string }[]).map((topic) => topic.name),
    );
    expect(names).toEqual(['made', 'orders', 'quiet']);
  });

  test('a topic can require schemas, from its creation or later, and says so', async () => {
    const emitted = (topic: string) =>
      relay.database.db.query(`select outbox.emit($1, 'k', '1')`, [topic]).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
    expect(await send('POST', '/v1/topics', { name: 'typed', schemaRequired: true })).toMatchObject({
      status: 201,
      body: { schemaRequired: true },
    });
    expect(await emitted('typed')).toBe('SCHEMA_REQUIRED');
    await send('PATCH', '/v1/topics/typed', { retentionMs: '60000' });
    expect((await get('/v1/topics/typed')).body).toMatchObject({ schemaRequired: true, retentionMs: '60000' });
    expect((await send('PATCH', '/v1/topics/typed', { schemaRequired: false })).body['schemaRequired']).toBe(false);
    expect(await emitted('typed')).toBe('taken');
    expect((await get('/v1/topics/quiet')).body['schemaRequired']).toBe(false);
    expect(await send('PATCH', '/v1/topics/none', { schemaRequired: true })).toMatchObject({
      status: 404,
      body: { code: 'TOPIC_UNKNOWN' },
    });
    expect((await send('PATCH', '/v1/topics/typed', { schemaRequired: 'yes' })).status).toBe(400);
  });

  test('a write leaves an audit entry with its actor, and is done once per idempotency key', async () => {
    const headers = { 'idempotency-key': 'create-once' };
    const first = await send('POST', '/v1/topics', { name: 'once' }, headers);
    const again = await send('POST', '/v1/topics', { name: 'once' }, headers);
    expect(again).toEqual(first);
    const audit = await relay.database.db.query(`select actor, action, target from audit.entry where target = 'once'`);
    expect(audit.rows).toEqual([{ actor: 'local', action: 'topic.create', target: 'once' }]);
  });
});

describe('records', () => {
  test('by offset, with the ends of the partition', async () => {
    const { body } = await get('/v1/topics/orders/partitions/0/records?offset=0&limit=3');
    const records = body['records'] as { offset: string; headers: unknown }[];
    expect(records.map((record) => record.offset)).toEqual(['0', '1', '2']);
    expect(records[0]!.headers).toEqual([{ name: 'a', value: { encoding: 'utf8', data: '1' } }]);
    expect(body['nextOffset']).toBe('3');
    expect((await get('/v1/topics/orders/partitions/0/records?offset=999')).body).toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
    });
  });

  test('a long poll answers as soon as there is a record, and empty after its time', async () => {
    const empty = await get('/v1/topics/quiet/partitions/0/records?offset=0&waitMs=50');
    expect(empty.body['records']).toEqual([]);
    const waiting = get('/v1/topics/quiet/partitions/0/records?offset=0&waitMs=20000');
    await relay.database.db.query(`select outbox.emit('quiet', null, '"here"')`);
    expect((await waiting).body['records']).toHaveLength(1);
  });

  test('by key, by time, by message id', async () => {
    const byKey = (await get('/v1/topics/orders/records?key=k1')).body['items'] as {
      messageId: string;
      key: { data: string };
    }[];
    expect(byKey).toHaveLength(10);
    expect(new Set(byKey.map((record) => record.key.data))).toEqual(new Set(['k1']));
    const since = (await get('/v1/topics/orders/records?since=2020-01-01T00:00:00Z&limit=1000')).body['items'];
    expect(since).toHaveLength(40);
    const found = await get(`/v1/messages/${byKey[0]!.messageId}`);
    expect(found.body).toMatchObject({ pending: 0, records: [byKey[0]] });
  });

  test('a tail goes on after Last-Event-ID', async () => {
    const stop = new AbortController();
    const read = async (headers: Record<string, string>, count: number): Promise<{ id: string; offset: string }[]> => {
      const response = await relay.get('/v1/topics/orders/tail?from=earliest&partition=0', {
        headers,
        signal: stop.signal,
      });
      const events: { id: string; offset: string }[] = [];
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const id = /^id: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (id !== undefined && data !== undefined)
            events.push({ id, offset: (JSON.parse(data) as { offset: string }).offset });
        }
        if (events.length >= count) return events.slice(0, count);
      }
      return events;
    };
    const first = await read({}, 3);
    const next = await read({ 'last-event-id': first[2]!.id }, 2);
    stop.abort();
    expect([...first, ...next].map((event) => event.offset)).toEqual(['0', '1', '2', '3', '4']);
  });
});

test('a tail from where there are no records is refused before it begins', async () => {
  const followed = await relay.get('/v1/topics/orders/tail?partition=0&offset=99999');
  expect({ status: followed.status, body: await followed.json() }).toMatchObject({
    status: 416,
    body: { code: 'OFFSET_OUT_OF_RANGE' },
  });
  const resumed = await relay.get('/v1/topics/orders/tail', { headers: { 'last-event-id': '0:0,1:99999,2:0' } });
  expect(resumed.status).toBe(416);
  await resumed.body!.cancel();
  const beside = await relay.get('/v1/topics/orders/tail?partition=0', { headers: { 'last-event-id': '0:0,1:99999' } });
  expect(beside.status).toBe(200);
  await beside.body!.cancel();
});

describe('groups', () => {
  test('list, describe, reset, hold back retention, delete', async () => {
    await relay.running.relay.groups.create('readers', { start: { from: 'earliest' }, required: false });
    expect((await get('/v1/groups')).body['items']).toMatchObject([{ name: 'readers', state: 'empty' }]);
    const dry = await send('POST', '/v1/groups/readers/reset', {
      dryRun: true,
      resets: [{ topic: 'orders', to: 'latest' }],
    });
    expect(dry.body).toMatchObject({ dryRun: true, resets: { length: 3 } });
    const all = await send('POST', '/v1/groups/readers/reset', { resets: [{ topic: 'orders', to: 'earliest' }] });
    expect(all.body).toMatchObject({ resets: { length: 3 } });
    const done = await send('POST', '/v1/groups/readers/reset', {
      resets: [{ topic: 'orders', to: 'offset', partition: 0, offset: '1' }],
    });
    expect(done.body).toEqual({ dryRun: false, resets: [{ topic: 'orders', partition: 0, from: '0', to: '1' }] });
    const described = await get('/v1/groups/readers');
    expect(described.body['partitionStatus']).toMatchObject([
      { topic: 'orders', partition: 0, committedOffset: '1' },
      { partition: 1, committedOffset: '0' },
      { partition: 2, committedOffset: '0' },
    ]);
    expect((await send('PATCH', '/v1/groups/readers', { required: true })).body).toEqual({
      name: 'readers',
      required: true,
    });
    expect((await get('/v1/groups/nobody')).body).toMatchObject({ code: 'GROUP_UNKNOWN' });
    const audit = await relay.database.db.query(`select action from audit.entry where target = 'readers' order by id`);
    expect(audit.rows).toEqual([{ action: 'group.reset' }, { action: 'group.reset' }, { action: 'group.alter' }]);
    const deleted = await documented(
      'DELETE',
      '/v1/groups/readers',
      await relay.get('/v1/groups/readers', { method: 'DELETE' }),
    );
    expect(deleted).toEqual({ status: 200, body: { deleted: 'readers' } });
  });
});

test('the sequencer says who leads and which open transaction holds the horizon', async () => {
  const client = await relay.database.db.connect();
  await client.query('begin');
  const pid = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await client.query(`select outbox.emit('orders', 'open', '1')`);
  const { body } = await get('/v1/sequencer');
  await client.query('rollback');
  client.release();
  expect(body).toMatchObject({ thisInstanceLeads: true, leader: { pid: process.pid } });
  expect(body['horizonHolders']).toMatchObject([{ pid: pid.rows[0]!.pid, state: 'idle in transaction' }]);
});

describe('bad input to every endpoint is a documented refusal that changes nothing', () => {
  const BAD_VALUES = [
    '',
    '-1',
    'abc',
    '1e99',
    '99999999999999999999',
    '%00',
    '..',
    'x'.repeat(3_000),
    '{"a":1}',
    'a b',
  ];
  const BAD_BODIES: unknown[] = [
    null,
    [],
    'text',
    7,
    {},
    { surplus: true },
    { name: 7 },
    { name: '' },
    { name: 'a b' },
    { name: 'n', partitions: 0 },
    { name: 'n', partitions: 1.5 },
    { name: 'n', retentionMs: 5 },
    { name: 'n', retentionMs: '-5' },
    { partitions: '3' },
    { ordering: 'none' },
    { resets: [] },
    { resets: [{ topic: 'orders', to: 'never' }] },
    { resets: [{ topic: 'nope', to: 'latest' }] },
    { required: 'yes' },
  ];

  async function fingerprint(): Promise<unknown> {
    const result = await relay.database.db.query(
      `select (select json_agg(t order by t.id) from outbox.topic t) as topics, (select count(*) from outbox.message) as messages,
              (select json_agg(g order by g.id) from log.consumer_group g) as groups, (select count(*) from audit.entry) as audit`,
    );
    return result.rows;
  }

  async function refused(method: string, path: string, init: RequestInit): Promise<void> {
    const before = await fingerprint();
    const response = await relay.get(path, { method, ...init });
    const { status, body } = await documented(method, path, response);
    expect(`${method} ${path} ${JSON.stringify(init.body ?? '').slice(0, 200)}: ${status}`).toMatch(/: 4\d\d$/);
    expect(typeof body['remedy']).toBe('string');
    expect(await fingerprint()).toEqual(before);
  }

  test('unknown and malformed parameters', async () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      if (!path.startsWith('/v1/')) continue;
      for (const [method, operation] of Object.entries(
        operations as Record<string, { parameters?: { in: string; name: string }[] }>,
      )) {
        const filled = path
          .replace('{topic}', 'orders')
          .replace('{partition}', '0')
          .replace('{group}', 'g')
          .replace('{messageId}', '00000000-0000-7000-8000-000000000000');
        await refused(method.toUpperCase(), `${filled}?surplus=1`, {});
        for (const parameter of operation.parameters ?? []) {
          if (parameter.in !== 'query' || ['from', 'key', 'keyBase64'].includes(parameter.name)) continue;
          for (const value of BAD_VALUES) {
            await refused(method.toUpperCase(), `${filled}?${parameter.name}=${encodeURIComponent(value)}`, {});
          }
        }
        if (!path.includes('{')) continue;
        for (const value of ['%00', 'no%20such', '-1', 'x'.repeat(300)]) {
          await refused(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, value), {});
        }
      }
    }
  });

  test('parameters that exclude each other', async () => {
    for (const query of ['keyBase64=abc', 'key=a&keyBase64=YQ==', 'key=a&since=2026-01-01T00:00:00Z']) {
      await refused('GET', `/v1/topics/orders/records?${query}`, {});
    }
    await refused('GET', '/v1/topics/orders/tail?offset=1', {});
    await refused('GET', '/v1/topics/orders/tail?from=middle', {});
  });

  test('malformed bodies', async () => {
    for (const [method, path] of [
      ['POST', '/v1/topics'],
      ['PATCH', '/v1/topics/nope'],
      ['POST', '/v1/groups/nope/reset'],
      ['PATCH', '/v1/groups/nope'],
    ] as const) {
      for (const body of BAD_BODIES) {
        await refused(method, path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      }
      await refused(method, path, { headers: { 'content-type': 'application/json' }, body: '{"name": ' });
      await refused(method, path, { headers: { 'content-type': 'text/plain' }, body: 'name=x' });
      await refused(method, path, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x'.repeat(1_100_000) }),
      });
    }
  });

  test('unknown routes and methods', async () => {
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['PUT', '/v1/topics'],
      ['DELETE', '/v1/sequencer'],
    ] as const) {
      const response = await relay.get(path, { method });
      expect(response.status).toBeGreaterThanOrEqual(404);
      expect(((await response.json()) as { code: string }).code).toMatch(/ROUTE_UNKNOWN|METHOD_NOT_ALLOWED/);
    }
  });
});
