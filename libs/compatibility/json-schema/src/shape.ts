import type { JsonNode } from '#libs/formats/json-text';
import type { Decimal } from './decimal.ts';
import type { Evaluated } from './evaluated.ts';

/** A schema within, made when it is first looked at: schemas may contain themselves. */
export type Child = () => Shape;

/** What else a schema may hold for the rest: anything, nothing, or what fits a schema. */
export type Rest = true | false | Child;

export interface Notes {
  readonly id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly defaultValue?: JsonNode;
  /** Kafka Connect's type of the value, where a converter wrote the schema. */
  readonly connectType?: string;
}

/** `unevaluatedProperties` or `unevaluatedItems`, where `additionalProperties` or `items` leave something over for it. */
export interface Unevaluated {
  readonly rest: Rest;
  /** What the keywords beside `properties`, `patternProperties` and `prefixItems` evaluate. */
  readonly elsewhere: () => Evaluated;
}

interface Base {
  readonly notes: Notes;
  /** The schema as it is written, the same for equal JSON; absent for parts that have no text of their own. */
  readonly text?: () => string;
}

/** Without a `type`, a schema of one kind lets values of all other kinds pass. */
interface Typed extends Base {
  readonly typed: boolean;
}

export interface StringShape extends Typed {
  readonly kind: 'string';
  readonly maxLength?: Decimal;
  readonly minLength?: Decimal;
  readonly pattern?: string;
}

export interface NumberShape extends Typed {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly maximum?: Decimal;
  readonly minimum?: Decimal;
  readonly exclusiveMaximum?: Decimal;
  readonly exclusiveMinimum?: Decimal;
  readonly multipleOf?: Decimal;
}

export interface ObjectShape extends Typed {
  readonly kind: 'object';
  readonly properties: ReadonlyMap<string, Child>;
  readonly required: ReadonlySet<string>;
  readonly patterns: ReadonlyMap<string, Child>;
  readonly additional: Rest;
  readonly unevaluated?: Unevaluated;
  readonly propertyNames?: Child;
  readonly dependentNames: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dependentSchemas: ReadonlyMap<string, Child>;
  readonly maxProperties?: Decimal;
  readonly minProperties?: Decimal;
}

export interface ArrayShape extends Typed {
  readonly kind: 'array';
  /** The schema of all items; absent when there is a tuple. */
  readonly items?: Child;
  readonly tuple: readonly Child[];
  /** What may follow the tuple. */
  readonly additional: Rest;
  readonly unevaluated?: Unevaluated;
  readonly contains?: Child;
  /** By its draft, `contains` goes by how many items fit. */
  readonly countsContained: boolean;
  readonly maxContains?: Decimal;
  readonly minContains?: Decimal;
  readonly maxItems?: Decimal;
  readonly minItems?: Decimal;
  readonly unique: boolean;
}

export type Criterion = 'allOf' | 'anyOf' | 'oneOf';

export interface CombinedShape extends Base {
  readonly kind: 'combined';
  readonly criterion: Criterion;
  readonly parts: readonly Child[];
  /** Keywords that stand side by side, or a list of types: its parts have no path of their own in the text. */
  readonly implied: boolean;
}

/** A schema by what it constrains. Several kinds of constraints side by side are an implied `allOf`. */
export type Shape =
  | (Base & { readonly kind: 'any' | 'never' | 'boolean' | 'null' })
  | StringShape
  | NumberShape
  | ObjectShape
  | ArrayShape
  | CombinedShape
  | (Base & { readonly kind: 'enum'; readonly values: readonly JsonNode[] })
  | (Base & { readonly kind: 'const'; readonly value: JsonNode })
  | (Base & { readonly kind: 'not'; readonly schema: Child })
  | (Base & { readonly kind: 'conditional'; readonly test: Child; readonly met?: Child; readonly unmet?: Child });
