import { type JsonNode, member, stringMember } from '#libs/formats/json-text';
import { isSince } from '../draft.ts';
import type { JsonSchema } from '../json-schema.ts';
import { arrayType } from './array-type.ts';
import { intersection, literalType, union } from './literal-type.ts';
import { numberType } from './number-type.ts';
import { objectType } from './object-type.ts';
import type { WriteType } from './write-type.ts';

/** Gives a referenced schema its name and has it declared. */
export type Naming = (node: JsonNode, proposal: string) => string;

const OBJECT_KEYWORDS = ['properties', 'additionalProperties', 'patternProperties', 'propertyNames'];
const ARRAY_KEYWORDS = ['items', 'prefixItems', 'additionalItems'];

/** Writes schemas as TypeScript types. References become names, so that the text is as large as the schema. */
export class TypeWriter {
  readonly #schema: JsonSchema;
  readonly #naming: Naming;

  constructor(schema: JsonSchema, naming: Naming) {
    this.#schema = schema;
    this.#naming = naming;
  }

  declaration(node: JsonNode): string {
    return this.#type(node, '', node);
  }

  /** `declared` is the declaration being written, as long as nothing but unions and intersections lie between. */
  #type(node: JsonNode, indent: string, declared: JsonNode | undefined): string {
    if (node.kind === 'boolean') return node.value ? 'unknown' : 'never';
    const target = this.#schema.target(node);
    const referred = target === undefined ? 'unknown' : this.#reference(node, target, declared);
    const draft = this.#schema.draftAt(node);
    if (target !== undefined && !isSince(draft, '2019-09')) return referred;
    const parts = [referred, this.#own(node, indent)];
    for (const criterion of ['allOf', 'anyOf', 'oneOf']) {
      const list = member(node, criterion);
      if (list?.kind !== 'array') continue;
      const types = list.items.map((each) =>
        criterion !== 'allOf' && this.#isDeclared(each, declared) ? 'never' : this.#type(each, indent, declared),
      );
      parts.push(criterion === 'allOf' ? intersection(types) : union(types));
    }
    return intersection(parts);
  }

  /** What `enum`, `const` and `type` say, with the keywords that go with the types. */
  #own(node: JsonNode, indent: string): string {
    const value = member(node, 'const');
    if (value !== undefined && isSince(this.#schema.draftAt(node), '6')) return literalType(value);
    const values = member(node, 'enum');
    if (values?.kind === 'array') return union(values.items.map(literalType));
    const type = member(node, 'type');
    if (type?.kind === 'string') return this.#ofType(type.value, node, indent);
    if (type?.kind === 'array') {
      return union(
        type.items.map((each) => (each.kind === 'string' ? this.#ofType(each.value, node, indent) : 'never')),
      );
    }
    if (OBJECT_KEYWORDS.some((keyword) => member(node, keyword) !== undefined))
      return this.#ofType('object', node, indent);
    return ARRAY_KEYWORDS.some((keyword) => member(node, keyword) !== undefined)
      ? this.#ofType('array', node, indent)
      : 'unknown';
  }

  #ofType(type: string, node: JsonNode, indent: string): string {
    const write: WriteType = (each, deeper) => this.#type(each, deeper, undefined);
    switch (type) {
      case 'object':
        return objectType(node, indent, write);
      case 'array':
        return arrayType(node, indent, this.#schema.draftAt(node), write);
      case 'integer':
      case 'number':
        return numberType(node);
      default:
        return type;
    }
  }

  /** A name; but a type may not be defined by itself, so there a reference that leads straight back adds nothing. */
  #reference(node: JsonNode, target: JsonNode, declared: JsonNode | undefined): string {
    if (target.kind === 'boolean') return target.value ? 'unknown' : 'never';
    if (declared !== undefined && this.#leadsTo(target, declared)) return 'unknown';
    const reference = stringMember(node, '$ref') ?? stringMember(node, '$recursiveRef') ?? '';
    return this.#naming(target, reference);
  }

  /** An alternative that is the declaration itself adds nothing to a union. */
  #isDeclared(node: JsonNode, declared: JsonNode | undefined): boolean {
    return declared !== undefined && this.#schema.target(node) === declared;
  }

  /** Whether a type is needed to know what another one is: through references, unions and intersections alone. */
  #leadsTo(from: JsonNode, wanted: JsonNode): boolean {
    const waiting = [from];
    const met = new Set<JsonNode>();
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node === wanted) return true;
      if (met.has(node)) continue;
      met.add(node);
      const target = this.#schema.target(node);
      if (target !== undefined) waiting.push(target);
      for (const criterion of ['allOf', 'anyOf', 'oneOf']) {
        const list = member(node, criterion);
        if (list?.kind === 'array') waiting.push(...list.items);
      }
    }
    return false;
  }
}
