import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import { clientSettings } from './client-settings.ts';
import { type ConfigSchema, environmentNames, settingMeta } from './config-schema.ts';
import { nearestName } from './nearest-name.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A rule over several settings: what is wrong, or undefined. */
export type ConfigRule<S extends ConfigSchema> = (config: z.output<S>) => string | undefined;

export interface LoadConfigOptions<S extends ConfigSchema> {
  /** Names that start with it and are not known are refused. Default 'TIDEMARK_'. */
  readonly prefix?: string;
  /** Names of the prefix that other services in the same environment read; those of the command line are known. */
  readonly alsoKnown?: Iterable<string>;
  /** Asked when all settings are valid by themselves; all of them are asked. */
  readonly rules?: readonly ConfigRule<S>[];
  /** What is wrong with settings that are not variables themselves, such as a file that one names; told with the others. */
  readonly problems?: readonly string[];
  /** Reads the file that `<NAME>_FILE` names. Default: from disk, as UTF-8. */
  readonly readFile?: (path: string) => string;
}

const CLIENT_NAMES = environmentNames(z.object(clientSettings));

/** Bounds what a mistyped path can pull into memory; secrets are short. */
const SECRET_FILE_BYTES_MAX = 64 * 1024;

/**
 * The typed settings of one app from its environment. An empty variable counts as absent. A setting that is marked
 * secret may instead be given as `<NAME>_FILE`, the path of a file with the value (its last line break is dropped).
 *
 * Throws CONFIG_INVALID with every problem at once: unknown names (with the nearest known one), values that do not fit,
 * both forms of a secret, files that cannot be read, broken rules. Values of secrets are never part of the message.
 */
export function loadConfig<S extends ConfigSchema>(
  schema: S,
  environment: Environment,
  options: LoadConfigOptions<S> = {},
): z.output<S> {
  const problems = [...unknownNames(schema, environment, options), ...(options.problems ?? [])];
  const values = collectValues(schema, environment, options.readFile ?? readFile, problems);
  const parsed = schema.safeParse(values);
  if (parsed.success) {
    for (const rule of options.rules ?? []) {
      const problem = rule(parsed.data);
      if (problem !== undefined) problems.push(problem);
    }
    if (problems.length === 0) return parsed.data;
  } else {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      problems.push(`${name}: ${values[name] === undefined ? 'is required' : issue.message}`);
    }
  }
  const counted = problems.length === 1 ? '1 setting is wrong' : `${problems.length} settings are wrong`;
  throw new TidemarkError('CONFIG_INVALID', `${counted}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}

function unknownNames<S extends ConfigSchema>(
  schema: S,
  environment: Environment,
  options: LoadConfigOptions<S>,
): string[] {
  const own = environmentNames(schema);
  const known = new Set([...own, ...CLIENT_NAMES, ...(options.alsoKnown ?? [])]);
  return Object.keys(environment)
    .filter((name) => name.startsWith(options.prefix ?? 'TIDEMARK_') && !known.has(name))
    .sort()
    .map((name) => {
      const nearest = nearestName(name, own) ?? nearestName(name, known);
      return `${name}: no such setting${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
    });
}

function collectValues(
  schema: ConfigSchema,
  environment: Environment,
  readFile: (path: string) => string,
  problems: string[],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, setting] of Object.entries(schema.shape)) {
    const direct = environment[name];
    if (direct !== undefined && direct !== '') values[name] = direct;
    const path = settingMeta(setting).secret ? environment[`${name}_FILE`] : undefined;
    if (path === undefined || path === '') continue;
    if (values[name] !== undefined) {
      problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
      continue;
    }
    try {
      values[name] = readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(`${name}_FILE: cannot read ${path}: ${describeError(error)}`);
    }
  }
  return values;
}

function readFile(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.length > SECRET_FILE_BYTES_MAX) throw new Error(`larger than ${SECRET_FILE_BYTES_MAX} bytes`);
  return bytes.toString('utf8');
}
