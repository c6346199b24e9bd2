import type { NamedType } from '#libs/formats/avro';

/** Names match without their namespaces, or when an alias of the reader is the writer's full name. */
export function namesMatch(reader: NamedType, writer: NamedType): boolean {
  return reader.name.simple === writer.name.simple || aliasNames(reader).includes(writer.name.full);
}

/**
 * The full names that a type's aliases match. Java knows an alias in the default namespace by a leading dot when the type itself
 * has a namespace, and finds it in no name.
 */
export function aliasNames({ name, aliases }: NamedType): string[] {
  return aliases.filter((alias) => alias.space !== undefined || name.space === undefined).map(({ full }) => full);
}
