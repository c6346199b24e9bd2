import {
  pick,
  type PlainField,
  type PlainSchema,
  PRIMITIVES,
  type Random,
  obviousDefault,
  wellFormed,
} from './plain-schema.ts';

/** A small schema with named types, containers, unions and ways back to enclosing records. */
export function randomSchema(random: Random): PlainSchema {
  return wellFormed(new Maker(random).type(3, []));
}

class Maker {
  readonly #random: Random;
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  type(depth: number, open: readonly string[]): PlainSchema {
    const kinds = ['primitive', 'primitive', 'enum', 'fixed'];
    if (depth > 0) kinds.push('record', 'record', 'record', 'array', 'map', 'union', 'union');
    switch (pick(this.#random, kinds)) {
      case 'enum':
        return this.#enum();
      case 'fixed':
        return { type: 'fixed', name: this.#name(), size: pick(this.#random, [1, 2]) };
      case 'record':
        return this.#record(depth - 1, open);
      case 'array':
        return { type: 'array', items: this.type(depth - 1, open) };
      case 'map':
        return { type: 'map', values: this.type(depth - 1, open) };
      case 'union':
        return this.#times(1, 3, () => this.type(depth - 1, open));
      default:
        return pick(this.#random, PRIMITIVES);
    }
  }

  #record(depth: number, open: readonly string[]): PlainSchema {
    const name = this.#name();
    const fields = this.#times(0, 4, (index) => this.#field(`f${index}`, depth, [...open, name]));
    return { type: 'record', name, fields };
  }

  #field(name: string, depth: number, open: readonly string[]): PlainField {
    // A way back leaves a way out, so that values end.
    const type = this.#random() < 0.15 ? ['null', pick(this.#random, open)] : this.type(depth, open);
    const fallback = this.#random() < 0.4 ? obviousDefault(type) : undefined;
    return { name, type, ...(fallback === undefined ? {} : { default: fallback }) };
  }

  #enum(): PlainSchema {
    const symbols = ['X', 'Y', 'Z'].slice(0, pick(this.#random, [1, 2, 3]));
    return { type: 'enum', name: this.#name(), symbols, ...(this.#random() < 0.3 ? { default: 'X' } : {}) };
  }

  // In a namespace always: without one, parsers disagree on what a reference from another namespace means.
  #name(): string {
    this.#names += 1;
    return `${pick(this.#random, ['k.', 'k.', 'n.', 'm.'])}T${this.#names}`;
  }

  #times<T>(min: number, max: number, make: (index: number) => T): T[] {
    const count = min + Math.floor(this.#random() * (max - min + 1));
    return Array.from({ length: count }, (_, index) => make(index));
  }
}
