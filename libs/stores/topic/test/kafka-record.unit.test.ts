import { describe, expect, test } from '@jest/globals';
import {
  clampTime,
  clusterRecordOf,
  type KafkaHeaderOptions,
  kafkaRecordOf,
  kafkaRecordPlan,
  messageIdOf,
  placeholderOf,
  type RecordHeader,
  type TopicRecord,
  unclampTime,
} from '../src/index.ts';

const MESSAGE_ID = '0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506';
const plain: KafkaHeaderOptions = { schemaId: 'unless-in-value', debezium: false };
const events: KafkaHeaderOptions = {
  ...plain,
  cloudEvents: { source: '/shop/${topic}', type: 'shop.${topic}', typeHeader: 'event-type', subjectFromKey: true },
};

const header = (name: string, value: string | null): RecordHeader => [name, value === null ? null : Buffer.from(value)];

function record(given: Partial<TopicRecord> = {}): TopicRecord {
  return {
    topic: 'orders',
    partition: 2,
    offset: 41n,
    position: 977n,
    messageId: MESSAGE_ID,
    key: Buffer.from('order-1'),
    value: Buffer.from('{"total":3}'),
    headers: [header('traceparent', '00-1-2-01')],
    schemaId: null,
    time: new Date('2026-11-20T08:15:30.123Z'),
    ...given,
  };
}

function sent(given: TopicRecord, options: KafkaHeaderOptions = plain, clusterTopic = 'orders') {
  const kafka = kafkaRecordOf(given, kafkaRecordPlan('orders', clusterTopic, options));
  return { ...kafka, headers: kafka.headers.map(([name, value]) => [name, value?.toString() ?? null]) };
}

const names = (headers: readonly (readonly unknown[])[]) => headers.map(([name]) => name);

describe('kafkaRecordOf', () => {
  test('leaves the message as it is and appends its id', () => {
    const given = record({ headers: [header('b', '1'), header('a', null), header('b', '2'), header('ünï', '')] });
    expect(sent(given)).toEqual({
      key: given.key,
      value: given.value,
      timestampMs: Date.UTC(2026, 10, 20, 8, 15, 30, 123),
      headers: [
        ['b', '1'],
        ['a', null],
        ['b', '2'],
        ['ünï', ''],
        ['tidemark-message-id', MESSAGE_ID],
      ],
    });
  });

  test('keeps a null key and a tombstone', () => {
    expect(sent(record({ key: null, value: null }))).toMatchObject({ key: null, value: null });
  });

  const withId = Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from('x')]);
  test.each<[string, KafkaHeaderOptions['schemaId'], number | null, Buffer | null, string | undefined]>([
    ['a value that begins with it needs none', 'unless-in-value', 7, withId, undefined],
    ['a value that begins with another', 'unless-in-value', 8, withId, '8'],
    ['a value without', 'unless-in-value', 7, Buffer.from('{}'), '7'],
    ['a value too short to begin with one', 'unless-in-value', 0, Buffer.from([0, 0, 0, 0]), '0'],
    ['a tombstone', 'unless-in-value', 7, null, '7'],
    ['always', 'always', 7, withId, '7'],
    ['always, but there is none', 'always', null, withId, undefined],
    ['never', 'never', 7, Buffer.from('{}'), undefined],
  ])('schema id: %s', (_what, schemaId, id, value, expected) => {
    const { headers } = sent(record({ schemaId: id, value }), { ...plain, schemaId });
    expect(headers.find(([name]) => name === 'tidemark-schema-id')?.[1]).toBe(expected);
  });

  test('names the topic where the cluster calls it otherwise', () => {
    expect(sent(record(), plain, 'eu.orders').headers).toContainEqual(['tidemark-topic', 'orders']);
    expect(names(sent(record()).headers)).not.toContain('tidemark-topic');
  });

  test('does not send forged headers, and sends provenance', () => {
    const forged = ['tidemark-message-id', 'tidemark-schema-id', 'tidemark-topic', 'tidemark-time'];
    const given = record({
      headers: [...forged.map((name) => header(name, 'forged')), header('tidemark-replay-id', 'r1'), header('id', '1')],
    });
    expect(sent(given).headers).toEqual([
      ['tidemark-replay-id', 'r1'],
      ['id', '1'],
      ['tidemark-message-id', MESSAGE_ID],
    ]);
  });

  test("adds Debezium's id unless the message has a header of that name", () => {
    const debezium = { ...plain, debezium: true };
    expect(sent(record(), debezium).headers.at(-1)).toEqual(['id', MESSAGE_ID]);
    const own = sent(record({ headers: [header('id', 'mine')] }), debezium).headers;
    expect(own).toEqual([
      ['id', 'mine'],
      ['tidemark-message-id', MESSAGE_ID],
    ]);
  });
});

describe('CloudEvents', () => {
  const added = (given: TopicRecord, options = events) =>
    Object.fromEntries(sent(given, options).headers.slice(given.headers.length + 1));

  test('all attributes from the record', () => {
    expect(added(record())).toEqual({
      ce_specversion: '1.0',
      ce_id: MESSAGE_ID,
      ce_source: '/shop/orders',
      ce_type: 'shop.orders',
      ce_time: '2026-11-20T08:15:30.123Z',
      ce_subject: 'order-1',
    });
  });

  test('the type from the header that names it, the last one counts', () => {
    const headers = [header('event-type', 'Placed'), header('event-type', 'Paid')];
    expect(added(record({ headers }))).toMatchObject({ ce_type: 'Paid' });
    expect(added(record({ headers: [header('event-type', '')] }))).toMatchObject({ ce_type: 'shop.orders' });
    expect(added(record({ headers: [['event-type', Buffer.from([0xff])]] }))).toMatchObject({ ce_type: 'shop.orders' });
  });

  test("the message's own attributes stay, the others are completed", () => {
    const headers = [header('ce_type', 'mine'), header('ce_time', '2020-01-01T00:00:00Z')];
    const given = record({ headers });
    expect(sent(given, events).headers.slice(0, 2)).toEqual([
      ['ce_type', 'mine'],
      ['ce_time', '2020-01-01T00:00:00Z'],
    ]);
    expect(Object.keys(added(given))).toEqual(['ce_specversion', 'ce_id', 'ce_source', 'ce_subject']);
  });

  test.each<[string, Partial<TopicRecord>, string | undefined]>([
    ['a header', { headers: [header('about', 'cart/9')] }, 'cart/9'],
    ['the key without that header', {}, 'order-1'],
    ['no key', { key: null }, undefined],
    ['an empty key', { key: Buffer.alloc(0) }, undefined],
    ['a binary key', { key: Buffer.from([0xc3, 0x28]) }, undefined],
  ])('the subject: %s', (_what, given, expected) => {
    const options = { ...events, cloudEvents: { ...events.cloudEvents!, subjectHeader: 'about' } };
    expect(added(record(given), options)['ce_subject']).toBe(expected);
  });

  test('content-type where it is configured, the message has a value and none of its own', () => {
    const options = { ...events, cloudEvents: { ...events.cloudEvents!, contentType: 'application/json' } };
    expect(added(record(), options)).toMatchObject({ 'content-type': 'application/json' });
    expect(added(record({ value: null }), options)).not.toHaveProperty('content-type');
    expect(added(record({ headers: [header('Content-Type', 'text/plain')] }), options)).not.toHaveProperty(
      'content-type',
    );
  });

  test('a placeholder is no event of the application', () => {
    const given = placeholderOf(record(), 'too-large', 'of 3 MB');
    expect(added(given)).toMatchObject({ ce_type: 'tidemark.placeholder', ce_id: MESSAGE_ID });
  });
});

describe('clampTime', () => {
  const at = (timestampMs: number) => ({ key: null, value: null, headers: [], timestampMs });

  test('leaves a record inside of the window alone', () => {
    const given = at(100);
    expect(clampTime(given, { earliestMs: 100, latestMs: 100 })).toBe(given);
    expect(unclampTime(given)).toBe(given);
  });

  test.each([
    [50, 100],
    [300, 200],
  ])('moves %i to %i, and back', (timestampMs, clamped) => {
    const result = clampTime(at(timestampMs), { earliestMs: 100, latestMs: 200 });
    expect(result.timestampMs).toBe(clamped);
    expect(result.headers).toEqual([['tidemark-time', Buffer.from(new Date(timestampMs).toISOString())]]);
    expect(unclampTime(result)).toEqual(at(timestampMs));
  });
});

describe('clusterRecordOf', () => {
  const place = { offset: 9n, producerId: 1n, sequence: 4 };
  const from = { clusterTopic: 'eu.orders', partition: 2 };

  test('a record of another producer has no message id and all of its headers', () => {
    const headers = [header('tidemark-message-id', 'not a uuid'), header('a', 'b')];
    const fetched = { ...place, key: null, value: Buffer.from([0, 0, 0, 1, 0, 9]), headers, timestampMs: 5 };
    expect(clusterRecordOf(fetched, from)).toEqual({
      topic: 'eu.orders',
      partition: 2,
      offset: 9n,
      messageId: null,
      key: null,
      value: fetched.value,
      headers,
      schemaId: 256,
      time: new Date(5),
    });
    expect(messageIdOf(fetched)).toBeNull();
  });

  test('an unreadable time or schema id behind the message id is passed over', () => {
    const headers = [
      header('tidemark-message-id', MESSAGE_ID),
      header('tidemark-time', 'yesterday'),
      header('tidemark-schema-id', '-1'),
    ];
    const found = clusterRecordOf({ ...place, key: null, value: null, headers, timestampMs: 5 }, from);
    expect(found).toMatchObject({ messageId: MESSAGE_ID, schemaId: null, time: new Date(5), headers: [] });
  });
});
