import { describe, expect, test } from '@jest/globals';
import { API_KEY } from '#libs/foundation/kafka';
import { chooseMode, identityAt, NO_FIRST_SEQUENCE } from '../src/session/choose-mode.ts';

const ALL = new Map(Object.values(API_KEY).map((key) => [key, {}]));
const FEW = new Map([...ALL].filter(([key]) => key !== API_KEY.DESCRIBE_PRODUCERS));
const NEW = { producer: null, mode: null, modeReason: null } as const;
const NOTED = `${NO_FIRST_SEQUENCE} (OUT_OF_ORDER_SEQUENCE_NUMBER for orders/0)`;
const PRODUCER = { id: 7n, epoch: 0 };

describe('the mode of a cluster', () => {
  test.each([
    ['auto', ALL, NEW, { mode: 'exact' }],
    ['exact', ALL, NEW, { mode: 'exact' }],
    ['at-least-once', ALL, NEW, { mode: 'at-least-once', reason: 'configured' }],
    ['auto', FEW, NEW, { mode: 'at-least-once', reason: 'the brokers do not offer DescribeProducers' }],
    ['exact', FEW, NEW, { impossible: 'the brokers do not offer DescribeProducers' }],
    // Exact mode is not left because of one odd answer ...
    ['auto', FEW, { producer: PRODUCER, mode: 'exact' }, { impossible: expect.stringContaining('exactly before') }],
    // ... but may be left, and is then not taken up again, for it would send much a second time.
    ['at-least-once', ALL, { producer: PRODUCER, mode: 'exact' }, { mode: 'at-least-once' }],
    ['auto', ALL, { producer: PRODUCER, mode: 'at-least-once' }, { mode: 'at-least-once' }],
    ['exact', ALL, { producer: PRODUCER, mode: 'at-least-once' }, { impossible: expect.stringContaining('remove') }],
    ['auto', ALL, { producer: null, mode: 'at-least-once' }, { mode: 'exact' }],
    ['auto', ALL, { producer: PRODUCER, mode: 'exact' }, { mode: 'exact' }],
    // Why a cluster was given up stays to be read.
    ['auto', ALL, { producer: PRODUCER, mode: 'at-least-once', modeReason: NOTED }, { reason: NOTED }],
    ['exact', ALL, { producer: PRODUCER, mode: 'at-least-once', modeReason: NOTED }, { impossible: NOTED }],
  ] as const)('%s (case %#)', (wanted, abilities, before, expected) => {
    expect(chooseMode(wanted, abilities, { modeReason: null, ...before })).toMatchObject(expected);
  });

  test('nothing is kept of another cluster under the same name', () => {
    const stored = { kafkaClusterId: 'a', producer: PRODUCER, mode: 'exact', modeReason: '' } as const;
    expect(identityAt('b', stored)).toMatchObject({ kafkaClusterId: 'b', producer: null, mode: null });
    expect(identityAt(null, stored)).toEqual(stored);
    expect(identityAt('c', { ...stored, kafkaClusterId: null })).toEqual({ ...stored, kafkaClusterId: 'c' });
  });
});
