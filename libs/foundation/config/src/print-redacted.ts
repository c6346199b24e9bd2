import type { z } from 'zod';
import { redactUrls } from '#libs/foundation/kernel';
import { type ConfigSchema, settingMeta } from './config-schema.ts';

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function readable(value: unknown, secret: boolean): string {
  if (value === undefined) return '(not set)';
  const text = typeof value === 'string' ? value : JSON.stringify(value, bigintAsText);
  const redacted = redactUrls(text);
  // A URL stays useful without its password; any other secret shows only that it is there.
  return secret && redacted === text && !isUrlWithoutPassword(text) ? '***' : redacted;
}

function isUrlWithoutPassword(text: string): boolean {
  return URL.canParse(text) && new URL(text).password === '' && new URL(text).host !== '';
}

/** Each setting by name, fit for logs: secrets as `***`, URLs without their passwords. */
export function redactConfig<S extends ConfigSchema>(schema: S, config: z.output<S>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, setting]) => [
      name,
      readable((config as Record<string, unknown>)[name], settingMeta(setting).secret),
    ]),
  );
}

/** The settings as lines `NAME = value` for a terminal, redacted as by `redactConfig`. */
export function printRedacted<S extends ConfigSchema>(schema: S, config: z.output<S>): string {
  const entries = Object.entries(redactConfig(schema, config));
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)} = ${value}`).join('\n');
}
