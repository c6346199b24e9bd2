import type { JsonNode } from '#libs/formats/json-text';
import type { AvroType } from './avro-type.ts';
import { tooComplex } from './invalid-schema.ts';
import type { NamedTypes } from './named-types.ts';

/** Reads a type and hands it to `put`: at once, or when a type that is defined later is known. */
export type TypeReader = (node: JsonNode, at: Place, put: (type: AvroType) => void) => void;

/** Where the parser is, and what it knows. */
export interface Place {
  readonly readType: TypeReader;
  readonly types: NamedTypes;
  readonly budget: NodeBudget;
  /** The namespace that simple names belong to here. */
  readonly space?: string;
  /** As a JSON pointer; the root is empty. */
  readonly path: string;
}

/** Counts types, fields and symbols against the limit of a schema. */
export class NodeBudget {
  #left: number;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  spend(nodes: number): void {
    this.#left -= nodes;
    if (this.#left < 0) throw tooComplex(`more than ${this.#max} types, fields and symbols`);
  }
}
