import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueAtOf } from '../src/failure/due-time.ts';
import { describeFailure } from '../src/failure/error-description.ts';
import type { FailureFacts } from '../src/failure/failure-facts.ts';
import { failureHeaders } from '../src/failure/failure-headers.ts';
import { historyOf, ownHeaders } from '../src/failure/failure-history.ts';
import { truncateUtf8 } from '../src/failure/truncate-utf8.ts';
import { recordOf, textOf } from './records.ts';

const ID = '0190a000-0000-7000-8000-00000000000d';

function facts(given: Partial<FailureFacts> = {}): FailureFacts {
  return {
    group: 'billing',
    subscription: 'invoices',
    origin: { topic: 'orders', partition: 3, offset: 17n },
    delivery: { topic: 'orders', partition: 3, offset: 17n },
    messageId: '0190a000-0000-7000-8000-000000000001',
    dlqId: ID,
    key: Buffer.from('o-1'),
    attempts: 4,
    firstFailedAt: new Date('2026-11-21T10:00:00.000Z'),
    failedAt: new Date('2026-11-21T10:00:07.000Z'),
    error: {
      errorClass: 'HttpError',
      causeClass: 'Timeout',
      message: 'no answer',
      stack: 'HttpError: no answer\n  at x',
    },
    state: 'retrying',
    sentTo: 'orders.billing.retry',
    dueAt: new Date('2026-11-21T10:01:07.000Z'),
    sourceTime: new Date('2026-11-21T09:00:00.000Z'),
    sourceCluster: null,
    schemaId: 5,
    appVersion: '1.2.3',
    undecodable: false,
    ...given,
  };
}

describe('headers of a failure', () => {
  test('are the canonical ones, as text', () => {
    expect(textOf(failureHeaders(facts({ sourceCluster: 'eu' }), 'tidemark', false))).toEqual({
      'tidemark-dlq-id': ID,
      'tidemark-dlq-message-id': '0190a000-0000-7000-8000-000000000001',
      'tidemark-dlq-source-cluster': 'eu',
      'tidemark-dlq-source-topic': 'orders',
      'tidemark-dlq-source-partition': '3',
      'tidemark-dlq-source-offset': '17',
      'tidemark-dlq-source-timestamp': '2026-11-21T09:00:00.000Z',
      'tidemark-dlq-group': 'billing',
      'tidemark-dlq-handler': 'invoices',
      'tidemark-dlq-error-class': 'HttpError',
      'tidemark-dlq-error-cause-class': 'Timeout',
      'tidemark-dlq-error-message': 'no answer',
      'tidemark-dlq-error-stack': 'HttpError: no answer\n  at x',
      'tidemark-dlq-attempts': '4',
      'tidemark-dlq-first-failed-at': '2026-11-21T10:00:00.000Z',
      'tidemark-dlq-failed-at': '2026-11-21T10:00:07.000Z',
      'tidemark-dlq-schema-id': '5',
      'tidemark-dlq-app-version': '1.2.3',
      'tidemark-due-at': '2026-11-21T10:01:07.000Z',
    });
  });

  test("in Spring's style numbers are big-endian", () => {
    const headers = new Map(failureHeaders(facts(), 'spring', false));
    expect(headers.get('kafka_dlt-original-partition')).toEqual(Buffer.from([0, 0, 0, 3]));
    expect(headers.get('kafka_dlt-original-offset')).toEqual(Buffer.from([0, 0, 0, 0, 0, 0, 0, 17]));
    expect(headers.get('kafka_dlt-original-timestamp')?.readBigInt64BE()).toBe(1_795_251_600_000n);
    expect(headers.get('kafka_dlt-exception-fqcn')?.toString()).toBe('HttpError');
    expect(headers.get('kafka_dlt-exception-cause-fqcn')?.toString()).toBe('Timeout');
    expect(headers.get('kafka_dlt-original-consumer-group')?.toString()).toBe('billing');
  });

  test("in Connect's style everything is text", () => {
    const headers = textOf(failureHeaders(facts({ undecodable: true }), 'connect', false));
    expect(headers['__connect.errors.offset']).toBe('17');
    expect(headers['__connect.errors.stage']).toBe('VALUE_CONVERTER');
    expect(headers['__connect.errors.exception.class.name']).toBe('HttpError');
  });

  test('slim leaves out the stack and most of the message', () => {
    const long = facts({ error: { errorClass: 'E', causeClass: null, message: 'm'.repeat(1_000), stack: 's' } });
    const headers = textOf(failureHeaders(long, 'connect', true));
    expect(headers['tidemark-dlq-error-stack']).toBeUndefined();
    expect(headers['__connect.errors.exception.stacktrace']).toBeUndefined();
    expect(headers['tidemark-dlq-error-message']!.length).toBeLessThanOrEqual(120);
  });
});

describe('what a message has been through', () => {
  const own: [string, Buffer][] = [
    ['traceparent', Buffer.from('00-1')],
    ['kafka_dlt-original-topic', Buffer.from('of another stack')],
    ['a', Buffer.from([0xff])],
    ['a', Buffer.from('2')],
  ];

  test('the first hop is kept over further ones, and the newest failure replaces the one before', () => {
    for (const style of ['tidemark', 'connect'] as const) {
      const sent = [...own, ...failureHeaders(facts(), style, false)];
      const retry = recordOf({ topic: 'orders.billing.retry', partition: 9, offset: 99n, headers: sent });
      const history = historyOf(retry, 1, 'us');
      expect(history).toEqual({
        origin: { topic: 'orders', partition: 3, offset: 17n },
        sourceTime: new Date('2026-11-21T09:00:00.000Z'),
        sourceCluster: null,
        dlqId: ID,
        attempts: 4,
        firstFailedAt: new Date('2026-11-21T10:00:00.000Z'),
      });
      expect(ownHeaders(sent).map(([name]) => name)).toEqual(['traceparent', 'a', 'a']);
    }
  });

  test("a message's own headers stay, those of other stacks too, in order with duplicates and bytes", () => {
    expect(ownHeaders(own)).toEqual(own);
  });

  test('headers of the main flow are not believed, but for the id of a dead letter', () => {
    const record = recordOf({ partition: 2, offset: 8n, headers: failureHeaders(facts(), 'tidemark', false) });
    expect(historyOf(record, 0, 'eu')).toEqual({
      origin: { topic: 'orders', partition: 2, offset: 8n },
      sourceTime: record.time,
      sourceCluster: 'eu',
      dlqId: ID,
      attempts: 0,
      firstFailedAt: null,
    });
  });

  test('a retry record that somebody wrote by hand counts as its own source', () => {
    const garbled = failureHeaders(facts(), 'tidemark', false).map(([name, value]): [string, Buffer | null] =>
      name === 'tidemark-dlq-source-offset' ? [name, Buffer.from('1e3')] : [name, value],
    );
    for (const headers of [[], garbled]) {
      const record = recordOf({ topic: 'orders.billing.retry', offset: 5n, headers });
      expect(historyOf(record, 1, null).origin).toEqual({ topic: 'orders.billing.retry', partition: 0, offset: 5n });
    }
  });

  test('a due time far away is cut, and one that is no time is none', () => {
    const written = new Date(1_000);
    const due = (text: string) => dueAtOf(Buffer.from(text), written, 60_000);
    expect(due('1970-01-01T00:01:01.000Z')).toBe(61_000);
    expect(due('9999-01-01T00:00:00.000Z')).toBe(1_000 + 60_000 + 86_400_000);
    expect(due('soon')).toBe(0);
    expect(dueAtOf(null, written, 0)).toBe(0);
  });
});

describe('errors as text', () => {
  class HttpError extends Error {}

  test('say class, innermost cause, code, message and the stacks of both', () => {
    const cause = new TypeError('socket closed');
    const error = Object.assign(new HttpError('no answer', { cause: new Error('middle', { cause }) }), {
      code: 'E_HTTP',
    });
    const described = describeFailure(error);
    expect(described).toMatchObject({ errorClass: 'HttpError', causeClass: 'TypeError', message: 'E_HTTP: no answer' });
    expect(described.stack).toContain('Caused by: TypeError: socket closed');
    expect(described.stack).not.toMatch(/\(node:/);
  });

  test.each([
    [null, 'object', 'null'],
    ['text', 'string', 'text'],
    [{ status: 4 }, 'Object', '{"status":4}'],
    [Object.assign(new Error('x'), { name: 'Named' }), 'Named', 'x'],
  ])('also of what is no error: %p', (thrown, errorClass, message) => {
    expect(describeFailure(thrown)).toMatchObject({ errorClass, message, causeClass: null });
  });

  test('whatever is thrown is described within the limits, as well-formed text without NUL', () => {
    const thrown = fc.oneof(
      fc.anything(),
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 4_000 }), fc.anything())
        .map(([text, cause]) => new Error(text, { cause })),
    );
    fc.assert(
      fc.property(thrown, (value) => {
        const { errorClass, causeClass, message, stack } = describeFailure(value);
        for (const [text, limit] of [
          [errorClass, 200],
          [causeClass, 200],
          [message, 1_024],
          [stack, 8_192],
        ] as const) {
          if (text === null) continue;
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
          expect(text).not.toContain('\0');
          expect(Buffer.from(text).toString()).toBe(text);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('text is cut between characters, in bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 3, max: 80 }), (text, max) => {
        const cut = truncateUtf8(text, max);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
        if (Buffer.byteLength(text) <= max) expect(cut).toBe(text);
        else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
