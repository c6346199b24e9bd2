import { branchKey, pick, type PlainSchema, type PlainType, type Random } from './plain-schema.ts';

/** A value of a schema as avsc takes it with wrapped unions. Deep down, unions take their first branch, so that it ends. */
export function randomValue(schema: PlainSchema, random: Random): unknown {
  const types = new Map<string, PlainType>();

  const value = (type: PlainSchema, depth: number): unknown => {
    if (Array.isArray(type)) return unionValue(type, depth);
    if (typeof type === 'object') return complexValue(type, depth);
    const named = types.get(type);
    return named ? complexValue(named, depth) : primitiveValue(type, random);
  };

  const unionValue = (branches: readonly PlainSchema[], depth: number): unknown => {
    const branch = depth > 6 ? (branches[0] as PlainSchema) : pick(random, branches);
    return branch === 'null' ? null : { [branchKey(branch)]: value(branch, depth + 1) };
  };

  const complexValue = (type: PlainType, depth: number): unknown => {
    if ('name' in type) types.set(type.name, type);
    const some = Array.from({ length: pick(random, [0, 1, 2]) });
    switch (type.type) {
      case 'record':
        return Object.fromEntries(type.fields.map((field) => [field.name, value(field.type, depth + 1)]));
      case 'enum':
        return pick(random, type.symbols);
      case 'fixed':
        return Buffer.alloc(type.size, Math.floor(random() * 256));
      case 'array':
        return some.map(() => value(type.items, depth + 1));
      default:
        return Object.fromEntries(some.map((_, index) => [`k${index}`, value(type.values, depth + 1)]));
    }
  };

  return value(schema, 0);
}

function primitiveValue(kind: string, random: Random): unknown {
  const whole = Math.floor(random() * 2_000) - 1_000;
  const values: Record<string, unknown> = {
    null: null,
    boolean: whole % 2 === 0,
    int: whole,
    long: whole * 10_000_000_000,
    float: whole / 4,
    double: whole / 3,
    bytes: Buffer.from(`b${whole}`),
    string: `s${whole}é`,
  };
  return values[kind];
}
