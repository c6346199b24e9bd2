import { schemaInvalid } from '../errors.ts';

/** A name as a descriptor has it. Throws SCHEMA_INVALID for one that no text could have. */
export function identifier(name: string | undefined): string {
  if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw schemaInvalid(`The serialized descriptor has the name ${JSON.stringify(name ?? '')}, which is not one`);
  }
  return name;
}

/** A name of several parts, perhaps with a leading dot. */
export function dottedName(name: string | undefined): string {
  const bare = name?.startsWith('.') ? name.slice(1) : name;
  (bare ?? '').split('.').forEach(identifier);
  return name as string;
}
