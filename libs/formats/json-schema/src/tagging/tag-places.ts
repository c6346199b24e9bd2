import { type JsonNode, type JsonObject, member } from '#libs/formats/json-text';
import type { TagPlace } from '#libs/formats/schema';
import type { Draft } from '../draft.ts';
import type { JsonSchema } from '../json-schema.ts';
import { DEFINITION_KEYWORDS } from '../keywords.ts';
import { inCountingOrder } from './counting-order.ts';
import { byKind, partsOf, type SchemaPart } from './schema-parts.ts';

export const TAGS = 'confluent:tags';

type Places = Generator<TagPlace<JsonObject>, void>;

/**
 * The schemas of objects and of properties in a text, by the paths of Confluent's registry: what leads to a schema is written
 * as `object`, `array`, `not`, `allof.0` (and `anyof`, `oneof`), `conditional.if` (`then`, `else`), the name of a property, and
 * `definitions.X` or `$defs.X`; keywords side by side are an `allof`, a list of types is an `anyof`. References are not
 * followed: what they lead to has a path among the definitions.
 */
export function placesOf(schema: JsonSchema): Places {
  return new PlaceWalk((node) => schema.draftAt(node)).within(schema.root, '', false);
}

class PlaceWalk {
  readonly #draftAt: (node: JsonNode) => Draft;

  constructor(draftAt: (node: JsonNode) => Draft) {
    this.#draftAt = draftAt;
  }

  /** `scope` ends with a dot. `isProperty`: the schema is listed as a field already. */
  *within(node: JsonNode, scope: string, isProperty: boolean): Places {
    if (node.kind !== 'object') return;
    const parts = partsOf(node, this.#draftAt(node)).sort((a, b) => byKind(a.kind, b.kind));
    for (const [index, part] of parts.entries()) {
      yield* this.#part(node, part, parts.length > 1 ? `${scope}allof.${index}.` : scope, isProperty);
    }
    if (!parts.some(describesObjects)) yield* this.#definitions(node, scope);
  }

  *#part(node: JsonObject, part: SchemaPart, scope: string, isProperty: boolean): Places {
    switch (part.kind) {
      case 'object':
        yield* this.#object(node, `${scope}object`, isProperty);
        return;
      case 'array':
        yield* this.#child(node, 'items', `${scope}array.`);
        return;
      case 'not':
        yield* this.#child(node, 'not', `${scope}not.`);
        return;
      case 'conditional':
        for (const keyword of ['if', 'then', 'else']) {
          yield* this.#child(node, keyword, `${scope}conditional.${keyword}.`);
        }
        return;
      case 'combined':
        yield* this.#combined(node, part, `${scope}${part.criterion}`, isProperty);
        return;
      default:
    }
  }

  *#combined(node: JsonObject, part: SchemaPart & { kind: 'combined' }, scope: string, isProperty: boolean): Places {
    if ('types' in part) {
      for (const [index, kind] of part.types.entries()) {
        if (kind === 'object' || kind === 'array') yield* this.#part(node, { kind }, `${scope}.${index}.`, isProperty);
      }
      return;
    }
    for (const [index, schema] of inCountingOrder(part.schemas, this.#draftAt(node)).entries()) {
      yield* this.within(schema, `${scope}.${index}.`, false);
    }
  }

  *#object(node: JsonObject, path: string, isProperty: boolean): Places {
    yield place(node, path, 'sr_record', isProperty);
    const properties = member(node, 'properties');
    for (const { name, value } of properties?.kind === 'object' ? properties.members : []) {
      if (value.kind !== 'object') continue;
      yield place(value, `${path}.${name}`, 'sr_field', false);
      yield* this.within(value, `${path}.${name}.`, true);
    }
    yield* this.#definitions(node, `${path}.`);
  }

  *#definitions(node: JsonObject, scope: string): Places {
    for (const keyword of DEFINITION_KEYWORDS) {
      const held = member(node, keyword);
      for (const { name, value } of held?.kind === 'object' ? held.members : []) {
        yield* this.within(value, `${scope}${keyword}.${name}.`, false);
      }
    }
  }

  *#child(node: JsonObject, keyword: string, scope: string): Places {
    const child = member(node, keyword);
    if (child !== undefined) yield* this.within(child, scope, false);
  }
}

function describesObjects(part: SchemaPart): boolean {
  return part.kind === 'object' || (part.kind === 'combined' && 'types' in part && part.types.includes('object'));
}

function place(
  part: JsonObject,
  entityPath: string,
  entityType: 'sr_record' | 'sr_field',
  hidden: boolean,
): TagPlace<JsonObject> {
  const tags = member(part, TAGS);
  const names = tags?.kind === 'array' ? tags.items.flatMap((tag) => (tag.kind === 'string' ? [tag.value] : [])) : [];
  return { entity: { entityPath, entityType }, part, tags: names, hidden };
}
