import { type JsonNode, member, stringMember } from '#libs/formats/json-text';
import { isSince, type JsonSchema } from '#libs/formats/json-schema';
import { arrayShape, numberShape, objectShape, stringShape } from './typed-shapes.ts';
import { constraintText } from './constraint-text.ts';
import type { Child, Criterion, LeftOver, Notes, Shape } from './shape.ts';

/** Characters of schemas that are compared as texts, in one comparison. */
const TEXT_MAX = 10_000_000;
const ANY: Shape = { kind: 'any', notes: {} };
const NEVER: Shape = { kind: 'never', notes: {} };
const CRITERIA: readonly Criterion[] = ['allOf', 'anyOf', 'oneOf'];
const EVALUATING = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
  'contains',
  '$dynamicRef',
  '$recursiveRef',
];
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
  #textLeft = TEXT_MAX;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
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
    const leftOver = this.#leftOver(node);
    if (parts.length === 0) return { kind: 'any', notes, ...leftOver };
    if (parts.length === 1) return { ...parts[0]!(), notes, ...leftOver };
    return { kind: 'combined', criterion: 'allOf', parts, implied: true, notes, ...leftOver };
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
    // Beside what evaluates more, `unevaluated…` is judged with the whole schema: see `leftOver`.
    const isPresent = (keyword: string): boolean =>
      member(node, keyword) !== undefined && !(keyword.startsWith('unevaluated') && this.#isEvaluating(node));
    return Object.entries(KEYWORDS_OF)
      .filter(([, keywords]) => keywords.some(isPresent))
      .map(([kind]) => this.#ofType(node, kind, false));
  }

  #ofType(node: JsonNode, type: string, typed: boolean): Shape {
    const draft = this.#schema.draftAt(node);
    const isAlone = !this.#isEvaluating(node);
    switch (type) {
      case 'string':
        return stringShape(node, typed);
      case 'number':
      case 'integer':
        return numberShape(node, typed, type === 'integer', draft);
      case 'object':
        return objectShape(node, { typed, draft, child: this.child, isAlone });
      case 'array':
        return arrayShape(node, { typed, draft, child: this.child, isAlone });
      default:
        return { kind: type === 'null' ? 'null' : 'boolean', notes: {} };
    }
  }

  #isEvaluating(node: JsonNode): boolean {
    return EVALUATING.some((keyword) => member(node, keyword) !== undefined);
  }

  #leftOver(node: JsonNode): { readonly leftOver?: LeftOver } {
    if (!isSince(this.#schema.draftAt(node), '2019-09') || !this.#isEvaluating(node)) return {};
    const keywords = ['unevaluatedProperties', 'unevaluatedItems'].filter((keyword) => {
      const value = member(node, keyword);
      return value !== undefined && !(value.kind === 'boolean' && value.value);
    });
    if (keywords.length === 0) return {};
    const text = constraintText(node, this.#schema, this.#textLeft);
    this.#textLeft -= text?.length ?? 0;
    return { leftOver: { keywords, text } };
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
  };
}
