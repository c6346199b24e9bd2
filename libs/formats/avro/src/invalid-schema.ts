import { TidemarkError } from '#libs/foundation/kernel';

/** What is wrong with a schema, and where in it (a JSON pointer; the root is empty). */
export function invalidSchema(what: string, path: string): TidemarkError {
  return new TidemarkError('SCHEMA_INVALID', `Invalid Avro schema: ${what} (at ${path === '' ? 'the root' : path})`);
}

/** Which limit a schema, or the work on it, went beyond. */
export function tooComplex(what: string): TidemarkError {
  return new TidemarkError('SCHEMA_TOO_COMPLEX', `The Avro schema is too complex: ${what}`);
}
