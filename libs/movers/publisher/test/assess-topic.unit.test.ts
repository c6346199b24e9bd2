import { describe, expect, test } from '@jest/globals';
import { assessTopic, timeWindow, topicLimits } from '../src/index.ts';

const LONG_MAX = '9223372036854775807';
/** What a topic of Kafka 4 has when nothing is configured. */
const DEFAULTS = {
  'max.message.bytes': '1048588',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': LONG_MAX,
  'message.timestamp.after.max.ms': '3600000',
  'retention.ms': '604800000',
  'cleanup.policy': 'delete',
  'min.insync.replicas': '1',
};
const configs = (given: Record<string, string> = {}) => new Map(Object.entries({ ...DEFAULTS, ...given }));

describe('topicLimits', () => {
  test.each([
    ['defaults of Kafka 4', configs(), { maxMessageBytes: 1_048_588, clampBeforeMs: null, clampAfterMs: 3_600_000 }],
    ['nothing is told', new Map(), { maxMessageBytes: 1_048_588, clampBeforeMs: null, clampAfterMs: null }],
    [
      'one limit for both, as before 3.6',
      new Map([['message.timestamp.difference.max.ms', '5000']]),
      { maxMessageBytes: 1_048_588, clampBeforeMs: 5_000, clampAfterMs: 5_000 },
    ],
    [
      'all three, as in 3.6',
      configs({ 'message.timestamp.difference.max.ms': LONG_MAX, 'message.timestamp.before.max.ms': '7' }),
      { maxMessageBytes: 1_048_588, clampBeforeMs: 7, clampAfterMs: 3_600_000 },
    ],
    [
      "the broker's own time",
      configs({ 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': '10' }),
      { maxMessageBytes: 10, clampBeforeMs: null, clampAfterMs: null },
    ],
  ])('%s', (_what, given, expected) => {
    expect(topicLimits(given)).toEqual(expected);
  });
});

describe('timeWindow', () => {
  const limits = (clampBeforeMs: number | null, clampAfterMs: number | null) => ({
    maxMessageBytes: 1,
    clampBeforeMs,
    clampAfterMs,
  });

  test('stays a minute inside of the limits, and half of a limit that is smaller than that', () => {
    expect(timeWindow(limits(86_400_000, 3_600_000), 1e12)).toEqual({
      earliestMs: 1e12 - 86_340_000,
      latestMs: 1e12 + 3_540_000,
    });
    expect(timeWindow(limits(10_000, 0), 1e12)).toEqual({ earliestMs: 1e12 - 5_000, latestMs: 1e12 });
  });

  test('without limits everything fits', () => {
    expect(timeWindow(limits(null, null), 1e12)).toEqual({ earliestMs: -Infinity, latestMs: Infinity });
  });
});

describe('assessTopic', () => {
  const codes = (given: Record<string, string>, topic = {}) =>
    assessTopic(configs(given), { name: 'eu.orders', ...topic }).warnings.map(({ code }) => code);

  test('nothing to say about defaults when nothing else is known', () => {
    expect(assessTopic(configs(), { name: 'orders' })).toEqual({ limits: topicLimits(configs()), warnings: [] });
  });

  test.each<[string, Record<string, string>, object, string[]]>([
    ['older than retention', {}, { oldestAgeMs: 604_800_001 }, ['expires-at-once']],
    ['as old as retention', {}, { oldestAgeMs: 604_800_000 }, []],
    ['kept for ever', { 'retention.ms': '-1' }, { oldestAgeMs: 1e15 }, []],
    ['only compacted', { 'cleanup.policy': 'compact' }, { oldestAgeMs: 1e15, hasNullKeys: false }, ['compacted']],
    ['compacted, keys not known', { 'cleanup.policy': 'compact' }, {}, ['compacted', 'compacted-null-keys']],
    [
      'compacted and deleted',
      { 'cleanup.policy': 'compact, delete' },
      { oldestAgeMs: 1e15, hasNullKeys: true },
      ['expires-at-once', 'compacted', 'compacted-null-keys'],
    ],
    ['one in-sync replica of three', {}, { replicas: 3 }, ['loses-acknowledged']],
    ['two in-sync replicas of three', { 'min.insync.replicas': '2' }, { replicas: 3 }, []],
    ['one replica', {}, { replicas: 1 }, []],
    ['messages of the default size', {}, { messageMaxBytes: 1_000_000 }, []],
    ['larger messages', {}, { messageMaxBytes: 1_048_588 }, ['messages-too-large']],
    [
      "the broker's time, so nothing expires by its own",
      { 'message.timestamp.type': 'LogAppendTime' },
      { oldestAgeMs: 1e15 },
      ['broker-time'],
    ],
    ['an old format', { 'message.format.version': '0.10.2-IV0' }, {}, ['old-format']],
    ['formats with headers', { 'message.format.version': '0.11.0-IV2' }, {}, []],
    ['the last format', { 'message.format.version': '3.0-IV1' }, {}, []],
  ])('%s', (_what, given, topic, expected) => {
    expect(codes(given, topic)).toEqual(expected);
  });

  test('a warning names the topic, the figures and what to do', () => {
    const { warnings } = assessTopic(configs(), { name: 'eu.orders', messageMaxBytes: 2_000_000 });
    expect(warnings[0]!.text).toBe(
      'the log topic takes messages of 2000000 bytes, and eu.orders batches of 1048588: a message that does not fit when ' +
        'compressed is a placeholder on this cluster. Set max.message.bytes to 2000512 or more, or lower max_message_bytes ' +
        'of the log topic',
    );
  });
});
