import type { z } from 'zod';
import { type ConfigSchema, type Environment, environmentNames, loadConfig } from '#libs/foundation/config';

/** Settings of a schema from an environment that belongs to services too: names of others are not looked at. */
export function ownSettings<S extends ConfigSchema>(schema: S, environment: Environment): z.output<S> {
  const names = environmentNames(schema);
  return loadConfig(schema, Object.fromEntries(names.map((name) => [name, environment[name]])));
}
