import type { JsonNode } from '#libs/formats/json-text';
import type { Decimal } from './decimal.ts';

/** A schema within, made when it is first looked at: schemas may contain themselves. */
export type Child = () => Shape;

/** What else a schema may hold for the rest: anything, nothing, or what fits a schema. */
export type Rest = true | false | Child;

export interface Notes {
  readonly id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly defaultValue?: JsonNode;
}

export interface LeftOver {
  readonly keywords: readonly string[];
  /** The whole schema as a text, the same only where nothing is said otherwise; undefined when that is too long. */
  readonly text: string | undefined;
}

interface Base {
  readonly notes: Notes;
  /**
   * `unevaluatedProperties` or `unevaluatedItems` beside keywords that evaluate more: which names and places are left over
   * depends on everything else in the schema.
   */
  readonly leftOver?: LeftOver;
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
  readonly contains?: Child;
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
