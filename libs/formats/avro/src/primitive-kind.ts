const PRIMITIVE_KINDS = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type PrimitiveKind = (typeof PRIMITIVE_KINDS)[number];

const NAMES: ReadonlySet<string> = new Set(PRIMITIVE_KINDS);

/** Whether a name means a primitive type, which it does in every namespace. */
export function isPrimitiveName(name: string): name is PrimitiveKind {
  return NAMES.has(name);
}
