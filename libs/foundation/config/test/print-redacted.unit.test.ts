import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { databaseSettings, port, printRedacted, renderConfigDocs } from '../src/index.ts';

const schema = z.object({
  ...databaseSettings,
  TIDEMARK_RELAY_PORT: port(8082).describe('Port of the | relay.'),
  TIDEMARK_TOKEN: z.string().optional().meta({ secret: true }),
});

test('passwords in URLs and secrets are not printed; what is not set says so', () => {
  const text = printRedacted(schema, {
    DATABASE_URL: 'postgres://app:hunter2@db:5432/tidemark?sslmode=require&password=hunter3',
    TIDEMARK_DATA: 'x',
    TIDEMARK_POOL_MAX: 3,
    TIDEMARK_RELAY_PORT: 8082,
    TIDEMARK_TOKEN: 'hunter4',
  });
  expect(text).not.toMatch(/hunter/);
  expect(text).toContain('DATABASE_URL        = postgres://app:***@db:5432/tidemark?sslmode=require&password=***');
  expect(text).toContain('TIDEMARK_TOKEN      = ***');
  expect(text).toContain('TIDEMARK_POOL_MAX   = 3');
});

test('a URL without a password stays readable, an absent value is named', () => {
  const config = {
    DATABASE_URL: 'postgres://db/tidemark',
    TIDEMARK_DATA: 'x',
    TIDEMARK_POOL_MAX: 3,
    TIDEMARK_RELAY_PORT: 1,
  };
  expect(printRedacted(schema, config)).toContain('= postgres://db/tidemark');
  expect(printRedacted(schema, config)).toContain('TIDEMARK_TOKEN      = (not set)');
});

test('the documentation has one table for what all read, then one per program', () => {
  const other = z.object({ ...databaseSettings, TIDEMARK_REGISTRY_PORT: port(8081).describe('Port.') });
  const text = renderConfigDocs([
    { name: 'Relay', schema },
    { name: 'Registry', schema: other },
  ]);
  expect(text.match(/^## .*/gm)).toEqual(['## Every service', '## Relay', '## Registry']);
  expect(text).toContain(
    '| `TIDEMARK_POOL_MAX` | integer 1–1000 | `10` | Connections to Postgres at most, per process. |',
  );
  expect(text).toContain('| `TIDEMARK_RELAY_PORT` | integer 0–65535 | `8082` | Port of the \\| relay. |');
  expect(text).toContain('| `DATABASE_URL` | URL | – |');
  expect(text).toContain('through `DATABASE_URL_FILE`');
  expect(text.match(/TIDEMARK_DATA`/g)).toHaveLength(1);
});
