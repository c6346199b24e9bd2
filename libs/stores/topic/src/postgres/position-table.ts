/**
 * A number for each of some positions: a hash table that makes no objects. Positions that follow each other fill it without
 * collisions. As numbers: a million messages a second reach 2^53 in 285 years.
 */
export class PositionTable {
  readonly #mask: number;
  readonly #positions: Float64Array;
  readonly #values: Uint16Array;

  /** For at most `count` positions. */
  constructor(count: number) {
    const size = 2 ** (Math.ceil(Math.log2(count + 1)) + 1);
    this.#mask = size - 1;
    // Positions begin at 1: 0 is an empty place.
    this.#positions = new Float64Array(size);
    this.#values = new Uint16Array(size);
  }

  /** `value`: below 2^16. */
  set(position: number, value: number): void {
    const place = this.#placeOf(position);
    this.#positions[place] = position;
    this.#values[place] = value;
  }

  /** Undefined for a position that has none. */
  get(position: number): number | undefined {
    const place = this.#placeOf(position);
    return this.#positions[place] === position ? this.#values[place] : undefined;
  }

  #placeOf(position: number): number {
    let place = position & this.#mask;
    while (this.#positions[place] !== 0 && this.#positions[place] !== position) place = (place + 1) & this.#mask;
    return place;
  }
}
