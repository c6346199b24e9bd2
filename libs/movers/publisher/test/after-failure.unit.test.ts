import { describe, expect, test } from '@jest/globals';
import { KAFKA_ERROR } from '#libs/foundation/kafka';
import { afterFailure, type FailedBatch, type LaneTroubles, type Recovery } from '../src/lane/after-failure.ts';
import { LOST, produceRule } from '../src/lane/produce-rules.ts';
import { PUBLISHER_DEFAULTS } from '../src/index.ts';

const CALM: LaneTroubles = { failures: 0, firstRefusals: 0, timestampsClamped: false };

function after(code: number, lane: Partial<LaneTroubles> = {}, batch: Partial<FailedBatch> = {}): Recovery {
  const of = { detail: null, records: 10, fragile: false, placeholder: false, sequence: 7 };
  const failed = { rule: produceRule(code), ...of, ...batch };
  return afterFailure(failed, { ...CALM, ...lane }, PUBLISHER_DEFAULTS, 0);
}

describe('what follows a batch that failed', () => {
  test('most failures are answered by looking for the end, at once at first, then after a wait', () => {
    for (const name of ['NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT', 'OUT_OF_ORDER_SEQUENCE_NUMBER'] as const) {
      expect(after(KAFKA_ERROR[name])).toEqual({ kind: 'locate', trouble: null });
      expect(after(KAFKA_ERROR[name], { failures: 1 })).toMatchObject({ kind: 'wait', ms: 25, trouble: null });
      expect(after(KAFKA_ERROR[name], { failures: 40 })).toMatchObject({ kind: 'wait', ms: 2_500 });
    }
  });

  test('a trouble that lasts is told', () => {
    expect(after(KAFKA_ERROR.NOT_ENOUGH_REPLICAS, { failures: 3 })).toMatchObject({
      trouble: 'NOT_ENOUGH_REPLICAS for a batch of 10 records',
    });
  });

  test('a lost answer waits until the batch cannot arrive any more only where the broker may forget it', () => {
    expect(after(LOST.code)).toEqual({ kind: 'locate', trouble: null });
    expect(after(LOST.code, {}, { fragile: true })).toEqual({ kind: 'quarantine', ms: 10_000 });
  });

  test('what is too large is halved, and a record alone replaced', () => {
    expect(after(KAFKA_ERROR.MESSAGE_TOO_LARGE)).toEqual({ kind: 'halve' });
    expect(after(KAFKA_ERROR.RECORD_LIST_TOO_LARGE, {}, { records: 1 })).toEqual({ kind: 'placeholder' });
    expect(after(KAFKA_ERROR.MESSAGE_TOO_LARGE, {}, { records: 1, placeholder: true })).toMatchObject({
      kind: 'wait',
      trouble: expect.stringContaining('raise max.message.bytes'),
    });
  });

  test('timestamps are clamped once; a broker that refuses those too needs somebody', () => {
    expect(after(KAFKA_ERROR.INVALID_TIMESTAMP)).toEqual({ kind: 'clamp' });
    expect(after(KAFKA_ERROR.INVALID_TIMESTAMP, { timestampsClamped: true })).toMatchObject({ kind: 'wait', ms: 500 });
  });

  test('what somebody has to change waits longer and says what to do', () => {
    expect(after(KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED)).toEqual({
      kind: 'wait',
      ms: 500,
      trouble:
        'TOPIC_AUTHORIZATION_FAILED for a batch of 10 records; allow the principal WRITE, READ and DESCRIBE on the topic',
    });
    expect(after(KAFKA_ERROR.POLICY_VIOLATION, { failures: 20 })).toMatchObject({ ms: 15_000 });
    expect(after(12_345)).toMatchObject({ kind: 'wait', trouble: expect.stringContaining('KAFKA_ERROR_12345') });
  });

  test('a broker that takes no first sequence but 0 is named as such, once it has said so over and over', () => {
    const code = KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER;
    expect(after(code, { failures: 2, firstRefusals: 3 })).toMatchObject({ kind: 'wait', trouble: null });
    expect(after(code, { failures: 3, firstRefusals: 4 })).toMatchObject({
      kind: 'no-first-sequence',
      trouble: expect.stringContaining('takes no first sequence but 0'),
    });
    expect(after(code, { failures: 30 })).toMatchObject({ kind: 'wait' });
  });
});
