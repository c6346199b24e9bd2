import type { ErrorObject } from 'ajv';
import { PayloadMismatch } from '../payload-mismatch.ts';

/** The error of a failed validation that says most: of alternatives the one that matched furthest down, else the last. */
export function jsonMismatch(errors: readonly ErrorObject[] | null | undefined, value: unknown): PayloadMismatch {
  const deepest = (errors ?? []).reduce<ErrorObject | undefined>(
    (best, error) => (best === undefined || depth(error) >= depth(best) ? error : best),
    undefined,
  );
  if (deepest === undefined) return new PayloadMismatch([], 'is not valid', value);
  const path = pathOf(deepest.instancePath, value);
  // Of a member that is not allowed ajv names the object; the member is what the reader looks for.
  const { additionalProperty, unevaluatedProperty } = deepest.params as Record<string, unknown>;
  const member = additionalProperty ?? unevaluatedProperty;
  if (typeof member === 'string') {
    const place = [...path, member];
    return new PayloadMismatch(place, 'is not allowed by the schema', valueAt(value, place));
  }
  return new PayloadMismatch(path, deepest.message ?? `fails ${deepest.keyword}`, valueAt(value, path));
}

function depth(error: ErrorObject): number {
  return error.instancePath.split('/').length;
}

/** A JSON pointer as a path; a part is an index where the value has an array. */
function pathOf(pointer: string, value: unknown): (string | number)[] {
  let here = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(here) ? Number(name) : name;
      here = valueAt(here, [key]);
      return key;
    });
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, part) => (Object(here) as Record<string | number, unknown>)[part], value);
}
