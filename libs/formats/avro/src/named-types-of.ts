import { type AvroType, isNamed, type NamedType } from './avro-type.ts';

/** The named types of a schema and of what it references, each once, in the order in which they are first used. */
export function namedTypesOf(root: AvroType): NamedType[] {
  const found = new Set<NamedType>();
  const walk = (type: AvroType): void => {
    if (isNamed(type)) {
      if (found.has(type)) return;
      found.add(type);
    }
    if (type.kind === 'array') walk(type.items);
    if (type.kind === 'map') walk(type.values);
    if (type.kind === 'union') type.branches.forEach(walk);
    if (type.kind === 'record') type.fields.forEach((field) => walk(field.type));
  };
  walk(root);
  return [...found];
}
