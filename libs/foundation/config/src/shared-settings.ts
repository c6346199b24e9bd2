import { z } from 'zod';
import { integer, milliseconds } from './setting-types.ts';

/** How a process reports what it does. */
export const logSettings = {
  TIDEMARK_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least important log level that is written.'),
  TIDEMARK_LOG_FORMAT: z
    .enum(['json', 'pretty'])
    .optional()
    .describe('One JSON object per line, or lines for people. When not set: pretty on a terminal, else json.'),
};

/** Where the data is. */
export const databaseSettings = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected a URL that starts with postgres://')
    .optional()
    .describe('Postgres 14 or later. When not set: an embedded Postgres whose data is in TIDEMARK_DATA.')
    .meta({ secret: true, type: 'URL' }),
  TIDEMARK_DATA: z.string().default('.tidemark').describe('Folder of the embedded Postgres and other local state.'),
  TIDEMARK_POOL_MAX: integer({ min: 1, max: 1_000 })
    .default(10)
    .describe('Connections to Postgres at most, per process.'),
};

/** How an HTTP service is reached, and what it lets a request use. */
export const httpSettings = {
  TIDEMARK_BIND: z
    .string()
    .regex(/^[^\s/]{1,255}$/, 'expected an IP address or a host name')
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback TIDEMARK_CREDENTIALS_FILE is required.')
    .meta({ type: 'address' }),
  TIDEMARK_CREDENTIALS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON file of users and tokens with their roles, re-read when it changes. When not set: everybody on loopback is an admin.',
    )
    .meta({ type: 'path' }),
  TIDEMARK_HTTP_BODY_MAX_BYTES: integer({ min: 1_024, max: 268_435_456 })
    .default(1_048_576)
    .describe('Largest request body.')
    .meta({ type: 'bytes' }),
  TIDEMARK_HTTP_TIMEOUT_MS: milliseconds(30_000, { min: 100, max: 3_600_000 }).describe(
    'A request that takes longer is answered with REQUEST_TIMEOUT; streams are exempt.',
  ),
};

/** How a process ends. */
export const lifecycleSettings = {
  TIDEMARK_DRAIN_MS: milliseconds(10_000).describe(
    'Time that work in progress gets to finish when the process is asked to stop.',
  ),
};

/** The format of log lines: as configured, else by where they go. */
export function logFormatOf(configured: 'json' | 'pretty' | undefined, isTerminal: boolean): 'json' | 'pretty' {
  return configured ?? (isTerminal ? 'pretty' : 'json');
}
