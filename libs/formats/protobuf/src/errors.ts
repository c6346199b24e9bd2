import { TidemarkError } from '#libs/foundation/kernel';
import type { Position } from './ast/position.ts';

/** SCHEMA_INVALID, with the place in front of the message when it is known: `line 3, column 7: …`. */
export function schemaInvalid(message: string, at?: Position, file?: string): TidemarkError {
  const place = [
    ...(file === undefined ? [] : [file]),
    ...(at === undefined ? [] : [`line ${at.line}, column ${at.column}`]),
  ].join(', ');
  return new TidemarkError('SCHEMA_INVALID', place === '' ? message : `${place}: ${message}`, {
    context: at === undefined ? {} : { line: at.line, column: at.column },
  });
}

/** SCHEMA_TOO_COMPLEX, naming the limit that was met. */
export function schemaTooComplex(message: string, limit: string, value: number): TidemarkError {
  return new TidemarkError('SCHEMA_TOO_COMPLEX', message, { context: { limit, value } });
}
