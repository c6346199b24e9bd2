/**
 * What generated source may refer to: each value gets a name. Names of a schema may only stand in a source as
 * JSON.stringify writes them.
 */
export class SourceParts {
  readonly #names = new Map<unknown, string>();

  /** The name of a value in the source. */
  name(value: unknown): string {
    let name = this.#names.get(value);
    if (name === undefined) {
      name = `$${this.#names.size}`;
      this.#names.set(value, name);
    }
    return name;
  }

  /**
   * The function that the source says. avsc, protobufjs and ajv work the same way: with a function of its own for each type
   * the engine sees what members it has.
   */
  build(source: string): unknown {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    return new Function(...this.#names.values(), `return ${source};`)(...this.#names.keys());
  }
}
