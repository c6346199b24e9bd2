import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import { checkBind } from '../src/check-bind.ts';
import { databaseSettings, environmentNames, httpSettings, loadConfig, logSettings, port } from '../src/index.ts';

const schema = z.object({
  ...logSettings,
  ...databaseSettings,
  ...httpSettings,
  TIDEMARK_RELAY_PORT: port(8082).describe('Port of the relay.'),
  TIDEMARK_REQUIRED: z.string().describe('Something that has no default.'),
  TIDEMARK_SECRET: z.string().min(8, 'expected at least 8 characters').optional().meta({ secret: true }),
});

const load = (environment: Record<string, string>, options = {}) =>
  loadConfig(schema, { TIDEMARK_REQUIRED: 'x', ...environment }, options);

function problemsOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TidemarkError);
    expect((error as TidemarkError).code).toBe('CONFIG_INVALID');
    return (error as TidemarkError).message;
  }
  throw new Error('no error was thrown');
}

describe('loadConfig', () => {
  test('fills in the defaults and types the values', () => {
    const config = load({ TIDEMARK_HTTP_TIMEOUT_MS: '500', PATH: '/bin' });
    expect(config).toEqual({
      TIDEMARK_LOG_LEVEL: 'info',
      TIDEMARK_DATA: '.tidemark',
      TIDEMARK_POOL_MAX: 10,
      TIDEMARK_BIND: '127.0.0.1',
      TIDEMARK_HTTP_BODY_MAX_BYTES: 1_048_576,
      TIDEMARK_HTTP_TIMEOUT_MS: 500,
      TIDEMARK_RELAY_PORT: 8082,
      TIDEMARK_REQUIRED: 'x',
    });
  });

  test('an empty variable counts as absent', () => {
    expect(load({ TIDEMARK_RELAY_PORT: '', DATABASE_URL: '' })).toMatchObject({ TIDEMARK_RELAY_PORT: 8082 });
  });

  test('names every problem in one error', () => {
    const text = problemsOf(() =>
      loadConfig(schema, {
        TIDEMARK_RELAY_PROT: '1',
        TIDEMARK_POOL_MAX: '0',
        TIDEMARK_HTTP_TIMEOUT_MS: '1e3',
        DATABASE_URL: 'mysql://x',
      }),
    );
    expect(text).toContain('5 settings are wrong');
    expect(text).toContain('TIDEMARK_RELAY_PROT: no such setting; did you mean TIDEMARK_RELAY_PORT?');
    expect(text).toContain('TIDEMARK_POOL_MAX: expected a whole number from 1 to 1000');
    expect(text).toContain('TIDEMARK_HTTP_TIMEOUT_MS: expected a whole number from 100 to 3600000');
    expect(text).toContain('DATABASE_URL: expected a URL that starts with postgres://');
    expect(text).toContain('TIDEMARK_REQUIRED: is required');
  });

  test('a name that resembles nothing is refused without a guess', () => {
    expect(problemsOf(() => load({ TIDEMARK_ZZZZZZZZZZZZZZZZZZZZZZ: '1' }))).not.toContain('did you mean');
  });

  test('accepts what other programs of the environment read, and nothing else of the prefix', () => {
    const registry = z.object({ TIDEMARK_REGISTRY_PORT: port(8081) });
    const alsoKnown = environmentNames(registry);
    expect(load({ TIDEMARK_REGISTRY_PORT: '1' }, { alsoKnown }).TIDEMARK_RELAY_PORT).toBe(8082);
    expect(problemsOf(() => load({ TIDEMARK_REGISTRY_PORT: '1' }))).toContain(
      'TIDEMARK_REGISTRY_PORT: no such setting',
    );
  });

  test('rules are part of the same error', () => {
    const rules = [
      (config: z.output<typeof schema>) => checkBind(config.TIDEMARK_BIND, config.TIDEMARK_CREDENTIALS_FILE),
    ];
    const text = problemsOf(() => load({ TIDEMARK_BIND: '0.0.0.0', TIDEMARK_NOPE: '1' }, { rules }));
    expect(text).toContain('TIDEMARK_BIND: 0.0.0.0 can be reached from other machines');
    expect(text).toContain('TIDEMARK_NOPE');
    expect(load({ TIDEMARK_BIND: '0.0.0.0', TIDEMARK_CREDENTIALS_FILE: 'c.json' }, { rules }).TIDEMARK_BIND).toBe(
      '0.0.0.0',
    );
  });
});

describe('secrets by file', () => {
  const readFile = (path: string): string => {
    if (path === '/run/url') return 'postgres://u:p@h/d\n';
    throw new Error(`no such file: ${path}`);
  };

  test('the value is the content of the file without its last line break', () => {
    expect(load({ DATABASE_URL_FILE: '/run/url' }, { readFile }).DATABASE_URL).toBe('postgres://u:p@h/d');
  });

  test('both forms, an unreadable file, and a file for what is no secret are refused', () => {
    expect(
      problemsOf(() => load({ DATABASE_URL_FILE: '/run/url', DATABASE_URL: 'postgres://h' }, { readFile })),
    ).toContain('not both');
    expect(problemsOf(() => load({ DATABASE_URL_FILE: '/nowhere' }, { readFile }))).toContain(
      'cannot read /nowhere: no such file',
    );
    expect(problemsOf(() => load({ TIDEMARK_RELAY_PORT_FILE: '/run/url' }, { readFile }))).toContain('no such setting');
  });

  test('the value of a secret never shows in the error', () => {
    const text = problemsOf(() => load({ TIDEMARK_SECRET: 'hunter2' }));
    expect(text).toContain('TIDEMARK_SECRET: expected at least 8 characters');
    expect(text).not.toContain('hunter2');
  });
});
