import type { z } from 'zod';
import { nearestName } from './nearest-name.ts';

export type DocumentResult<T> = { readonly value: T } | { readonly problems: readonly string[] };

/**
 * A configuration document against its schema: the value, or all problems, each as `path: what is wrong`. Unknown keys come
 * with the nearest known one; a strict object may say in its metadata what to do instead of a key that people are likely to
 * write: `.meta({ instead: { password: 'use passwordFile' } })`. Problems name keys and types, never values.
 */
export function parseDocument<S extends z.ZodType>(
  schema: S,
  document: unknown,
  at: readonly string[] = [],
): DocumentResult<z.output<S>> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return { value: parsed.data };
  return {
    problems: parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map(String);
      const place = [...at, ...path];
      if (issue.code === 'unrecognized_keys') return unknownKeys(schemaAt(schema, path), issue.keys, place);
      if (issue.code === 'invalid_key') return [`${place.join('.')}: ${issue.issues[0]?.message ?? issue.message}`];
      const missing = issue.code !== 'custom' && valueAt(document, path) === undefined;
      const text = missing ? 'is required' : issue.message.replace(/^Invalid (?:input|option): /, '');
      return [`${place.join('.')}: ${text}`];
    }),
  };
}

function unknownKeys(schema: z.ZodType | undefined, keys: readonly string[], place: readonly string[]): string[] {
  const known = Object.keys((schema?.def as { shape?: object } | undefined)?.shape ?? {});
  const instead = (schema?.meta() as { instead?: Readonly<Record<string, string>> } | undefined)?.instead ?? {};
  return keys.map((key) => {
    const path = [...place, key].join('.');
    if (Object.hasOwn(instead, key)) return `${path}: ${instead[key]}`;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    return `${path}: no such key; ${hint}`;
  });
}

interface NestedDefinition {
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
}

/** The schema of what stands at a path, looked up through `.default()`, `.optional()` and pipes. */
function schemaAt(schema: z.ZodType, path: readonly string[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrapped(schema);
  for (const step of path) {
    const definition = current?.def as NestedDefinition | undefined;
    const next = definition?.shape?.[step] ?? definition?.valueType ?? definition?.element;
    if (next === undefined) return undefined;
    current = unwrapped(next);
  }
  return current;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const definition = schema.def as NestedDefinition;
  const inner = definition.innerType ?? definition.in;
  return inner === undefined ? schema : unwrapped(inner);
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}
