import { jsonKey, type JsonNode, member, stringMember } from '#libs/formats/json-text';
import { isSince, type JsonSchema } from '#libs/formats/json-schema';
import { arrayShape, numberShape, objectShape, stringShape } from './typed-shapes.ts';
import type { Evaluated } from './evaluated.ts';
import { Evaluation } from './evaluation.ts';
import type { Child, Criterion, Notes, Shape } from './shape.ts';

const ANY: Shape = { kind: 'any', notes: {} };
const NEVER: Shape = { kind: 'never', notes: {} };
const CRITERIA: readonly Criterion[] = ['allOf', 'anyOf', 'oneOf'];
const KEYWORDS_OF = {
  string: ['maxLength', 'minLength', 'pattern'],
  number: ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf'],
  object: [
    'properties',
    'required',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
    'dependencies',
    'dependentRequired',
    'dependentSchemas',
    'maxProperties',
    'minProperties',
    'unevaluatedProperties',
  ],
  array: [
    'items',
    'prefixItems',
    'additionalItems',
    'contains',
    'maxItems',
    'minItems',
    'uniqueItems',
    'unevaluatedItems',
  ],
};

/** Reads the schemas of one document as shapes, each node once, so that shapes can be told apart by identity. */
export class ShapeBuilder {
  readonly #schema: JsonSchema;
  readonly #shapes = new Map<JsonNode, Shape>();
  readonly #texts = new Map<JsonNode, string>();
  readonly #evaluation: Evaluation;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#evaluation = new Evaluation(schema);
  }

  get root(): Shape {
    return this.of(this.#schema.root);
  }

  readonly child = (node: JsonNode): Child => {
    return () => this.of(node);
  };

  of(node: JsonNode): Shape {
    if (node.kind === 'boolean') return node.value ? ANY : NEVER;
    const known = this.#shapes.get(node);
    if (known !== undefined) return known;
    return this.#resolve(node);
  }

  /**
   * A plain reference has the shape of what it refers to; one that leads back to itself constrains nothing. A loop, since
   * references may form chains longer than the call stack.
   */
  #resolve(first: JsonNode): Shape {
    const met = new Set<JsonNode>();
    let node = first;
    let shape: Shape | undefined;
    while (shape === undefined) {
      const target = this.#schema.target(node);
      if (met.has(node)) shape = ANY;
      else if (target === undefined || !this.#isBare(node)) shape = this.#build(node, target);
      met.add(node);
      if (shape === undefined && target !== undefined) {
        node = target;
        shape = node.kind === 'boolean' ? this.of(node) : this.#shapes.get(node);
      }
    }
    for (const each of met) this.#shapes.set(each, shape);
    return shape;
  }

  /** Whether nothing that constrains values stands beside the reference, or what does is not read. */
  #isBare(node: JsonNode): boolean {
    return !isSince(this.#schema.draftAt(node), '2019-09') || this.#parts(node).length === 0;
  }

  #build(node: JsonNode, target: JsonNode | undefined): Shape {
    const notes = notesOf(node);
    const parts = this.#parts(node);
    if (target !== undefined) parts.unshift(this.child(target));
    const text = (): string => this.#textOf(node);
    if (parts.length === 0) return { kind: 'any', notes, text };
    if (parts.length === 1) return { ...parts[0]!(), notes, text };
    return { kind: 'combined', criterion: 'allOf', parts, implied: true, notes, text };
  }

  #textOf(node: JsonNode): string {
    const text = this.#texts.get(node) ?? jsonKey(node);
    this.#texts.set(node, text);
    return text;
  }

  #parts(node: JsonNode): Child[] {
    const parts: Shape[] = [];
    const values = member(node, 'enum');
    if (values?.kind === 'array') parts.push({ kind: 'enum', values: values.items, notes: {} });
    const draft = this.#schema.draftAt(node);
    const value = member(node, 'const');
    if (value !== undefined && isSince(draft, '6')) parts.push({ kind: 'const', value, notes: {} });
    for (const criterion of CRITERIA) {
      const list = member(node, criterion);
      if (list?.kind === 'array') parts.push(combined(criterion, list.items.map(this.child), false));
    }
    const negated = member(node, 'not');
    if (negated !== undefined) parts.push({ kind: 'not', schema: this.child(negated), notes: {} });
    const test = member(node, 'if');
    if (test !== undefined && isSince(draft, '7')) parts.push(this.#conditional(node, test));
    parts.push(...this.#typed(node));
    return parts.map((part) => () => part);
  }

  #conditional(node: JsonNode, test: JsonNode): Shape {
    const [then, otherwise] = [member(node, 'then'), member(node, 'else')];
    return {
      kind: 'conditional',
      test: this.child(test),
      met: then && this.child(then),
      unmet: otherwise && this.child(otherwise),
      notes: {},
    };
  }

  /** By `type`; without one, by the keywords of each kind that are present. */
  #typed(node: JsonNode): Shape[] {
    const type = member(node, 'type');
    if (type?.kind === 'string') return [this.#ofType(node, type.value, true)];
    if (type?.kind === 'array') {
      const names = type.items.flatMap((each) => (each.kind === 'string' ? [each.value] : []));
      const parts = names.map((name) => this.#ofType(node, name, true));
      return [
        combined(
          'anyOf',
          parts.map((part) => () => part),
          true,
        ),
      ];
    }
    const isNewer = isSince(this.#schema.draftAt(node), '2019-09');
    const isPresent = (keyword: string): boolean =>
      member(node, keyword) !== undefined && (isNewer || !keyword.startsWith('unevaluated'));
    return Object.entries(KEYWORDS_OF)
      .filter(([, keywords]) => keywords.some(isPresent))
      .map(([kind]) => this.#ofType(node, kind, false));
  }

  #ofType(node: JsonNode, type: string, typed: boolean): Shape {
    const draft = this.#schema.draftAt(node);
    const elsewhere = (): Evaluated => {
      evaluated ??= this.#evaluation.elsewhere(node);
      return evaluated;
    };
    let evaluated: Evaluated | undefined;
    switch (type) {
      case 'string':
        return stringShape(node, typed);
      case 'number':
      case 'integer':
        return numberShape(node, typed, type === 'integer', draft);
      case 'object':
        return objectShape(node, { typed, draft, child: this.child, elsewhere });
      case 'array':
        return arrayShape(node, { typed, draft, child: this.child, elsewhere });
      default:
        return { kind: type === 'null' ? 'null' : 'boolean', notes: {} };
    }
  }
}

function combined(criterion: Criterion, parts: readonly Child[], implied: boolean): Shape {
  if (parts.length === 0) return criterion === 'allOf' ? ANY : NEVER;
  return { kind: 'combined', criterion, parts, implied, notes: {} };
}

function notesOf(node: JsonNode): Notes {
  return {
    id: stringMember(node, '$id') ?? stringMember(node, 'id'),
    title: stringMember(node, 'title'),
    description: stringMember(node, 'description'),
    defaultValue: member(node, 'default'),
    connectType: stringMember(node, 'connect.type'),
  };
}
