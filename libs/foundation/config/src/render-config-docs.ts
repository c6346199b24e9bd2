import { z } from 'zod';
import { type ConfigSchema, settingMeta } from './config-schema.ts';

/** One program of the documentation and what it reads. */
export interface DocumentedApp {
  readonly name: string;
  readonly schema: ConfigSchema;
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');

function typeOf(schema: z.ZodType): string {
  const named = settingMeta(schema).type;
  if (named !== undefined) return named;
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { type?: string; enum?: unknown[] };
  return json.enum === undefined ? (json.type ?? 'text') : json.enum.map((value) => `\`${String(value)}\``).join(', ');
}

function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return 'required';
  if (parsed.data === undefined || parsed.data === '') return '–';
  // What may be written there, not what it becomes.
  const { type, defaultValue } = schema.def as { type: string; defaultValue?: unknown };
  if (type === 'prefault') return `\`${JSON.stringify(defaultValue)}\``;
  const value = parsed.data as object | string | number | bigint | boolean;
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}

function row(name: string, schema: z.ZodType): string {
  const meta = settingMeta(schema);
  const byFile = meta.secret ? ` Secret: may be given as a file through \`${name}_FILE\`.` : '';
  return `| \`${name}\` | ${cell(typeOf(schema))} | ${cell(defaultOf(schema))} | ${cell((meta.description ?? '') + byFile)} |`;
}

/** Settings, or keys of a file, as a Markdown table: type, default and meaning come from their schemas. */
export function settingsTable(settings: readonly (readonly [string, z.ZodType])[]): string {
  return [
    '| name | type | default | meaning |',
    '|---|---|---|---|',
    ...settings.map(([name, schema]) => row(name, schema)),
  ].join('\n');
}

/**
 * The settings of all programs as Markdown sections with one table each: first those that every program reads, then each
 * program's own. Depends on nothing but the schemas, so that the result can be compared with a file.
 */
export function renderConfigDocs(apps: readonly DocumentedApp[]): string {
  const inAll = (name: string): boolean => apps.length > 1 && apps.every((app) => name in app.schema.shape);
  const shared = Object.entries(apps[0]?.schema.shape ?? {}).filter(([name]) => inAll(name));
  const sections = shared.length > 0 ? [`## Every service\n\n${settingsTable(shared)}\n`] : [];
  for (const app of apps) {
    const own = Object.entries(app.schema.shape).filter(([name]) => !inAll(name));
    if (own.length > 0) sections.push(`## ${app.name}\n\n${settingsTable(own)}\n`);
  }
  return sections.join('\n');
}
