import type { Dependency, SchemaType } from '#libs/formats/schema';
import type { StoredSchema } from '../src/index.ts';

/** A schema as a registry would have it. */
export function stored(schemaType: SchemaType, text: string | object, dependencies: Dependency[] = []): StoredSchema {
  return {
    id: 17,
    guid: '3f0c6a8e-5e34-4b9a-8d6e-0a1b2c3d4e5f',
    schemaType,
    text: typeof text === 'string' ? text : JSON.stringify(text),
    dependencies,
  };
}

/** What is thrown, for looking at its parts. */
export function thrownBy(work: () => unknown): { code?: string; message: string; context?: Record<string, unknown> } {
  try {
    work();
  } catch (error) {
    return error as { code?: string; message: string; context?: Record<string, unknown> };
  }
  throw new Error('nothing was thrown');
}
