import {
  obviousDefault,
  pick,
  type PlainField,
  type PlainSchema,
  type PlainType,
  PRIMITIVES,
  type Random,
  wellFormed,
} from '../../../formats/avro/test/plain-schema.ts';

/** Wider types that read a primitive. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** The schema after a few of the changes that people make to schemas, allowed ones and others. */
export function evolvedSchema(schema: PlainSchema, random: Random): PlainSchema {
  const often = pick(random, [0.05, 0.1, 0.25]);
  const changes = (): boolean => random() < often;

  const evolve = (type: PlainSchema): PlainSchema => {
    if (changes()) return pick(random, replacements(type));
    if (typeof type === 'string') return changes() ? pick(random, WIDER[type] ?? [type]) : type;
    if (Array.isArray(type)) return evolveUnion(type);
    return evolveType(type);
  };

  const replacements = (type: PlainSchema): PlainSchema[] => {
    const union: PlainSchema = Array.isArray(type) ? (type[0] ?? 'int') : ['null', type];
    return [union, union, pick(random, PRIMITIVES), { type: 'array', items: type }];
  };

  const evolveUnion = (branches: PlainSchema[]): PlainSchema => {
    const evolved = branches.map(evolve);
    if (changes()) evolved.push(pick(random, PRIMITIVES));
    if (changes()) evolved.reverse();
    if (changes() && evolved.length > 1) evolved.pop();
    return evolved;
  };

  const evolveType = (type: PlainType): PlainType => {
    if (type.type === 'array') return { ...type, items: evolve(type.items) };
    if (type.type === 'map') return { ...type, values: evolve(type.values) };
    const named = changes() ? renamed(type) : type;
    if (named.type === 'fixed') return changes() ? { ...named, size: named.size + 1 } : named;
    if (named.type === 'record') return { ...named, fields: evolveFields(named.fields) };
    const symbols = changes() ? [...named.symbols, 'W'] : changes() ? named.symbols.slice(0, 1) : named.symbols;
    return { ...named, symbols, ...(named.default === undefined || changes() ? {} : { default: 'X' }) };
  };

  const renamed = <T extends { name: string }>(type: T): T => {
    const simple = type.name.slice(type.name.lastIndexOf('.') + 1);
    const name = pick(random, [`o.${simple}`, `k.${simple}`, `${type.name}b`, `p.${simple}b`]);
    return { ...type, name, ...(random() < 0.5 ? { aliases: [type.name] } : {}) };
  };

  const evolveFields = (fields: readonly PlainField[]): PlainField[] => {
    const evolved = fields.filter(() => !changes()).map(evolveField);
    if (changes()) evolved.reverse();
    if (changes()) evolved.push({ name: 'added', type: 'long' });
    if (changes()) evolved.push({ name: 'optional', type: ['null', 'string'], default: null });
    return evolved;
  };

  const evolveField = (field: PlainField): PlainField => {
    const type = evolve(field.type);
    const fallback = changes() ? obviousDefault(type) : field.default;
    const known = { ...field, type, ...(fallback === undefined ? {} : { default: fallback }) };
    if (!changes()) return known;
    return { ...known, name: `${field.name}b`, ...(random() < 0.7 ? { aliases: [field.name] } : {}) };
  };

  return wellFormed(evolve(schema));
}
