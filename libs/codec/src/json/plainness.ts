import { SourceParts } from '../generated-function.ts';
import { isPlainJson } from './json-value.ts';

/** Whether JSON says the same as a value that its schema has validated. Undefined: the schema alone guarantees it. */
export type Plainness = ((value: unknown) => boolean) | undefined;

const SCALARS: ReadonlySet<unknown> = new Set(['string', 'integer', 'number', 'boolean', 'null']);
/** Keywords by which a schema says more than its own words do. */
const INDIRECT = ['$ref', '$dynamicRef', '$recursiveRef'];

type Members = Readonly<Record<string, unknown>>;

/**
 * What remains to be checked beyond validation, so that a value is not looked through twice: a string, or a number, that
 * validation has seen is one; of an object that may have no other members than those of the schema only those are of
 * interest. Where a schema leaves things open, the value is looked through.
 */
export function plainnessOf(schema: unknown): Plainness {
  if (typeof schema !== 'object' || schema === null || INDIRECT.some((keyword) => keyword in schema))
    return isPlainJson;
  const { type, properties, additionalProperties, patternProperties, items, prefixItems } = schema as Members;
  const types = Array.isArray(type) ? type : [type];
  if (types.every((name) => SCALARS.has(name))) return undefined;
  if (type === 'object' && additionalProperties === false && patternProperties === undefined) {
    return closedObject(Object(properties) as Members);
  }
  if (type === 'array' && prefixItems === undefined && typeof items === 'object' && !Array.isArray(items)) {
    const item = plainnessOf(items);
    return item && ((value) => (value as unknown[]).every(item));
  }
  return isPlainJson;
}

function closedObject(properties: Members): Plainness {
  const parts = new SourceParts();
  const checks = Object.entries(properties).flatMap(([name, schema]) => {
    const plain = plainnessOf(schema);
    if (plain === undefined) return [];
    const member = `value[${JSON.stringify(name)}]`;
    return [`(${member} === undefined || ${parts.name(plain)}(${member}))`];
  });
  // Objects of other kinds may say with toJSON that they are something else.
  const usual = `${parts.name(Object.getPrototypeOf)}(value) === ${parts.name(Object.prototype)}`;
  return parts.build(`(value) => ${[usual, ...checks].join(' && ')}`) as Plainness;
}
