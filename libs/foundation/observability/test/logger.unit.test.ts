import { describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { createLogger, type LoggerOptions, NestLogger } from '../src/index.ts';

function capture(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    write: (line) => lines.push(line),
    clock: { now: () => 1_700_000_000_123 },
    ...options,
  });
  return { logger, lines, json: (index = 0) => JSON.parse(lines[index]!) as Record<string, unknown> };
}

describe('JSON lines', () => {
  test('carry time, level, message and the fields of all ancestors', () => {
    const { logger, json } = capture({ fields: { service: 'relay' } });
    logger
      .child({ topic: 'orders' })
      .info('published batch', { count: 3, lastPosition: 2n ** 60n, missing: undefined });
    expect(json()).toEqual({
      time: '2023-11-14T22:13:20.123Z',
      level: 'info',
      message: 'published batch',
      service: 'relay',
      topic: 'orders',
      count: 3,
      lastPosition: '1152921504606846976',
    });
  });

  test('fields cannot pose as time, level or message', () => {
    const { logger, json } = capture();
    logger.warn('lost lease', { level: 'debug', message: 'nothing happened', time: 'never' });
    expect(json()).toMatchObject({ level: 'warn', message: 'lost lease', time: '2023-11-14T22:13:20.123Z' });
  });

  test('levels below the configured one are not written', () => {
    const { logger, lines } = capture({ level: 'warn' });
    logger.debug('a');
    logger.info('b');
    logger.child({}).error('c');
    expect(lines).toHaveLength(1);
    expect([logger.enabled('info'), logger.enabled('warn')]).toEqual([false, true]);
  });

  test('secrets are replaced at any depth, also in URLs inside of errors', () => {
    const { logger, lines } = capture();
    const error = new Error('cannot reach postgres://app:hunter2@db/x');
    logger.error('failed', {
      password: 'hunter2',
      request: { headers: { Authorization: 'Bearer hunter2' } },
      apiToken: 'hunter2',
      error,
    });
    expect(lines[0]).not.toContain('hunter2');
    expect(lines[0]).toContain('postgres://app:***@db/x');
  });

  test('the path of a file with secrets stays readable', () => {
    const { logger, json } = capture();
    logger.info('read settings', { TIDEMARK_CREDENTIALS_FILE: 'credentials.json', TIDEMARK_CREDENTIALS: 'hunter2' });
    expect(json()).toMatchObject({ TIDEMARK_CREDENTIALS_FILE: 'credentials.json', TIDEMARK_CREDENTIALS: '[redacted]' });
  });

  test('words that merely contain a secret name in part stay readable', () => {
    const { logger, json } = capture();
    logger.info('x', { tokens: 3, tokenCount: 4 });
    expect(json()).toMatchObject({ tokens: 3, tokenCount: 4 });
  });

  test('size and depth are bounded; bytes are counted, cycles end', () => {
    const { logger, lines, json } = capture();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    logger.info('x', {
      long: 'y'.repeat(100_000),
      list: Array.from({ length: 1_000 }, (_, i) => i),
      bytes: Buffer.alloc(9),
      cycle,
    });
    expect(lines[0]!.length).toBeLessThan(6_000);
    expect(json()['bytes']).toBe('[9 bytes]');
    expect(json()['list']).toHaveLength(51);
  });

  test('an error shows its code, context, stack and the chain of causes', () => {
    const { logger, json } = capture();
    const root = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    logger.error('failed', {
      error: new TidemarkError('DATABASE_UNAVAILABLE', 'no database', { cause: root, context: { host: 'db' } }),
    });
    expect(json()['error']).toMatchObject({
      name: 'TidemarkError',
      code: 'DATABASE_UNAVAILABLE',
      message: 'no database',
      context: { host: 'db' },
      cause: { code: 'ECONNREFUSED', message: 'connect refused' },
    });
    expect((json()['error'] as { stack: string }).stack).toContain('logger.unit.test');
  });
});

test('pretty lines show pairs, and errors below with their causes', () => {
  const { logger, lines } = capture({ format: 'pretty' });
  logger.info('published batch', { topic: 'orders', note: 'two words', count: 3 });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.123 INFO {2}published batch topic=orders note="two words" count=3$/);
  logger.error('failed', { error: new TidemarkError('LEASE_LOST', 'gone', { cause: new Error('root') }) });
  expect(lines[1]).toContain('\n    TidemarkError LEASE_LOST: gone\n    at ');
  expect(lines[1]).toContain('\n    caused by Error: root');
});

test('what Nest says is debug, its errors keep context and stack', () => {
  const { logger, json } = capture({ level: 'debug' });
  const nest = new NestLogger(logger);
  nest.log('Mapped {/x, GET} route', 'RouterExplorer');
  nest.error('boom', 'Error: boom\n    at somewhere', 'ExceptionsHandler');
  nest.error(new Error('thrown'), 'Injector');
  expect(json(0)).toMatchObject({ level: 'debug', message: 'Mapped {/x, GET} route', context: 'RouterExplorer' });
  expect(json(1)).toMatchObject({
    level: 'error',
    message: 'boom',
    context: 'ExceptionsHandler',
    stack: 'Error: boom\n    at somewhere',
  });
  expect(json(2)).toMatchObject({ message: 'thrown', context: 'Injector', error: { name: 'Error' } });
});
