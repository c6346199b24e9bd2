/** The smallest of its values first. */
export class MinHeap<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #values: T[] = [];

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#values.length;
  }

  clear(): void {
    this.#values.length = 0;
  }

  push(value: T): void {
    const values = this.#values;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(values[at]!, values[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): T | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    if (values.length === 0 || last === undefined) return first;
    values[0] = last;
    this.#sink();
    return first;
  }

  #sink(): void {
    const values = this.#values;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < values.length && this.#before(values[child]!, values[least]!)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const values = this.#values;
    const kept = values[a]!;
    values[a] = values[b]!;
    values[b] = kept;
  }
}
