import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  matchesTopic,
  parseTopicPattern,
  planTopic,
  routeOf,
  routesOf,
  type TopicPattern,
  type TopicRoute,
  type TopicRules,
} from '../src/index.ts';

function pattern(text: string): TopicPattern {
  const parsed = parseTopicPattern(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

const rules = (given: Partial<TopicRules> = {}): TopicRules => ({
  include: [pattern('*')],
  exclude: [],
  naming: { prefix: '', template: '${topic}', source: '' },
  replicationFactor: -1,
  configs: [],
  ...given,
});

const named = (template: string, prefix = '', source = 'shop') => rules({ naming: { prefix, template, source } });
const topic = (name: string, topicId = 1, partitions = 6) => ({
  topicId,
  name,
  partitions,
  messageMaxBytes: 1_000_000,
});

describe('patterns of topics', () => {
  test.each<[string, string, boolean]>([
    ['*', 'orders', true],
    ['orders', 'orders', true],
    ['orders', 'orders2', false],
    ['orders.*', 'orders.', true],
    ['orders.*', 'orders-x', false],
    ['*.dlq', 'a.b.dlq', true],
    ['*.dlq', 'a.dlq.b', false],
    ['or?ers', 'orders', true],
    ['or?ers', 'orers', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['{orders,carts}', 'carts', true],
    ['{orders,carts}.{v1,v2}', 'orders.v2', true],
    ['{orders,carts}.{v1,v2}', 'orders.v3', false],
    ['orders{,.*}', 'orders', true],
    ['orders{,.*}', 'orders.eu', true],
    ['{a,b*}c', 'bxxc', true],
  ])('%s and %s: %s', (text, name, expected) => {
    expect(matchesTopic(pattern(text), name)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ['', /expected a pattern/],
    ['a b', /" " is in no topic name/],
    ['(a|b)', /"\(" is in no topic name/],
    ['{a', /braces/],
    ['a}', /braces/],
    ['{a,{b,c}}', /braces/],
    ['a,b', /braces/],
    ['{a,b}'.repeat(9), /more than 256/],
    ['a'.repeat(1_001), /at most 1000/],
  ])('%s is refused', (text, problem) => {
    expect(parseTopicPattern(text)).toMatch(problem);
  });

  test('fits what a regular expression of the same meaning fits', () => {
    const glob = fc.array(fc.constantFrom('a', 'b', '.', '*', '?'), { minLength: 1, maxLength: 8 });
    const name = fc.array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(glob, name, (parts, characters) => {
        const meaning: Record<string, string> = { '*': '.*', '?': '.', '.': '\\.' };
        const expression = parts.map((part) => meaning[part] ?? part).join('');
        const text = characters.join('');
        expect(matchesTopic(pattern(parts.join('')), text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test('many stars take no long time', () => {
    expect(matchesTopic(pattern('*a'.repeat(120)), 'a'.repeat(100) + 'b'.repeat(149))).toBe(false);
  });
});

describe('routeOf', () => {
  test('a topic goes to the topic of its name, with what is configured for it', () => {
    const configs: TopicRules['configs'] = [
      { pattern: pattern('*'), configs: { 'retention.ms': '1000', 'compression.type': 'producer' } },
      { pattern: pattern('orders*'), configs: { 'retention.ms': '-1' } },
      { pattern: pattern('carts'), configs: { 'cleanup.policy': 'compact' } },
    ];
    expect(routeOf(rules({ replicationFactor: 3, configs }), topic('orders', 7, 12))).toEqual({
      state: 'routed',
      topicId: 7,
      topic: 'orders',
      name: 'orders',
      partitions: 12,
      replicationFactor: 3,
      configs: { 'retention.ms': '-1', 'compression.type': 'producer' },
    });
  });

  test.each<[string, TopicRules, string, string | RegExp]>([
    ['prefix', named('${topic}', 'eu.'), 'orders', 'eu.orders'],
    ['template', named('${source}.${topic}'), 'orders', 'shop.orders'],
    ['both', named('${source}.${topic}.v1', 'eu-'), 'orders', 'eu-shop.orders.v1'],
    ['not included', rules({ include: [pattern('carts')] }), 'orders', /no pattern of topics.include/],
    ['excluded', rules({ exclude: [pattern('o*')] }), 'orders', /topics.exclude has o\*/],
    ['249 characters', named('${topic}', 'x'), 'o'.repeat(248), `x${'o'.repeat(248)}`],
    ['250 characters', named('${topic}', 'x'), 'o'.repeat(249), /250 characters.*change naming/],
    ['no legal name', named('${topic} ${source}'), 'orders', /no name that Kafka takes/],
    ['a topic of the brokers', named('${topic}', '__'), 'consumer_offsets', /of the brokers themselves/],
  ])('%s', (_what, given, name, expected) => {
    const route = routeOf(given, topic(name));
    if (typeof expected === 'string') expect(route).toMatchObject({ state: 'routed', name: expected });
    else expect(route).toMatchObject({ detail: expect.stringMatching(expected) });
  });
});

describe('routesOf', () => {
  const outcomes = (given: TopicRules, names: readonly string[]) =>
    [...routesOf(given, names.map((name, index) => topic(name, names.length - index)).toReversed()).values()].map(
      (route) => (route.state === 'routed' ? route.name : `${route.topic}: ${route.detail}`),
    );

  test('the older topic keeps a name that two would have', () => {
    expect(outcomes(named('x.${topic}'), ['orders', 'carts'])).toEqual(['x.carts', 'x.orders']);
    const one = outcomes(named('all${source}', '', ''), ['newer', 'older']);
    expect(one).toEqual(['all', expect.stringMatching(/^newer: the older topic older is all on this cluster already/)]);
  });

  test('names that differ in . and _ alone collide', () => {
    expect(outcomes(rules(), ['a.b_c', 'a_b.c'])).toEqual([
      'a_b.c',
      expect.stringMatching(/^a\.b_c: .*the older topic a_b\.c is a_b\.c: Kafka refuses/),
    ]);
  });

  test('a topic that is not routed takes no name', () => {
    const given = rules({ exclude: [pattern('a.b')] });
    expect(outcomes(given, ['a_b', 'a.b'])).toEqual([expect.stringMatching(/^a\.b: topics.exclude/), 'a_b']);
  });
});

describe('planTopic', () => {
  const route: TopicRoute = {
    state: 'routed',
    topicId: 1,
    topic: 'orders',
    name: 'eu.orders',
    partitions: 6,
    replicationFactor: 3,
    configs: { 'retention.ms': '-1' },
  };
  const existing = (partitions: number, errorCode = 0) => ({
    name: 'eu.orders',
    errorCode,
    id: 'abc',
    partitions: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      errorCode: 0,
      leader: 1,
      leaderEpoch: 0,
      replicas: [1],
      inSyncReplicas: [1],
    })),
  });
  const create = { name: 'eu.orders', partitions: 6, replicationFactor: 3, configs: { 'retention.ms': '-1' } };
  const first = { published: false, createTopics: true };
  const later = { published: true, createTopics: true };
  const forbidden = { createTopics: false };
  const refuse = (detail: RegExp) => ({ action: 'refuse', detail: expect.stringMatching(detail) });
  const alarm = (partitions: number, detail: RegExp) => ({
    action: 'alarm',
    partitions,
    detail: expect.stringMatching(detail),
  });

  test.each([
    ['not there', undefined, first, { action: 'create', create }],
    ['not there, told as an error', existing(0, 3), first, { action: 'create', create }],
    ['gone after it was published', undefined, later, { action: 'create', create }],
    [
      'not there, and may not be made',
      undefined,
      { ...first, ...forbidden },
      refuse(/createTopics is false.*6 partitions/),
    ],
    ['there', existing(6), first, { action: 'publish' }],
    ['there, without leaders', existing(6, 5), first, { action: 'publish' }],
    ['there, but nothing is known yet', existing(0, 5), first, refuse(/does not tell/)],
    ['hidden from us', existing(0, 29), later, refuse(/grant DESCRIBE, READ and WRITE/)],
    ['some other error', existing(0, 17), first, refuse(/error 17/)],
    [
      'fewer at first',
      existing(3),
      first,
      refuse(/has 6 partitions, and eu\.orders exists.* with 3; .*--partitions 6/),
    ],
    [
      'more at first',
      existing(9),
      first,
      refuse(/has 6 partitions, and eu\.orders exists.* with 9; .*tidemark topics alter/),
    ],
    ['the log topic grew', existing(3), later, { action: 'grow', from: 3, to: 6 }],
    [
      'it grew, and we may not',
      existing(3),
      { ...later, ...forbidden },
      alarm(3, /has 6 partitions.*has 3.*--partitions 6/),
    ],
    ['expanded by others', existing(9), later, alarm(6, /9 partitions, topic orders has 6; we go on/)],
  ])('%s', (_what, found, context, expected) => {
    expect(planTopic(found, route, context)).toEqual(expected);
  });
});
