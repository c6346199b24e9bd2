import { z } from 'zod';
import { databaseSettings, type Environment } from '#libs/foundation/config';
import { ownSettings } from '../input/own-settings.ts';

const schema = z.object({
  DATABASE_URL: databaseSettings.DATABASE_URL,
  TIDEMARK_DATA: databaseSettings.TIDEMARK_DATA,
});

/** Which database the environment names. Throws CONFIG_INVALID. */
export function databaseAccess(environment: Environment): z.output<typeof schema> {
  return ownSettings(schema, environment);
}
