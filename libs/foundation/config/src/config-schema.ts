import { z } from 'zod';

/** All settings of one app: a flat zod object whose keys are the names of environment variables. */
export type ConfigSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** What a setting's schema says about itself, looked up through `.default()`, `.optional()` and pipes. */
export interface SettingMeta {
  readonly description?: string;
  readonly secret: boolean;
  /** How the documentation names the type, where the schema alone does not show it. */
  readonly type?: string;
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const definition = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  return definition.innerType ?? definition.in;
}

/** The metadata of a setting; what an outer wrapper says wins over what it wraps. */
export function settingMeta(schema: z.ZodType): SettingMeta {
  let description: string | undefined;
  let secret = false;
  let type: string | undefined;
  for (let current: z.ZodType | undefined = schema; current !== undefined; current = innerOf(current)) {
    const meta = current.meta() as { description?: string; secret?: boolean; type?: string } | undefined;
    description ??= meta?.description;
    type ??= meta?.type;
    secret ||= meta?.secret === true;
  }
  return { description, secret, type };
}

/** Every environment name that the schema reads, `<NAME>_FILE` of its secrets included. */
export function environmentNames(schema: ConfigSchema): string[] {
  return Object.entries(schema.shape).flatMap(([name, setting]) =>
    settingMeta(setting).secret ? [name, `${name}_FILE`] : [name],
  );
}
