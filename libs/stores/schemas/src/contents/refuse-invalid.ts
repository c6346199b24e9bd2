import { TidemarkError } from '#libs/foundation/kernel';
import type { SchemaType } from '#libs/formats/schema';
import { invalidSchema } from '../refusals.ts';

/** Runs a step of a format on what a client sent: what the format refuses is refused in Confluent's code, 42201. */
export function refuseInvalid<T>(type: SchemaType, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof TidemarkError && (error.code === 'SCHEMA_INVALID' || error.code === 'SCHEMA_TOO_COMPLEX')) {
      throw invalidSchema(`Invalid schema of type ${type}, details: ${error.message}`, error);
    }
    throw error;
  }
}
