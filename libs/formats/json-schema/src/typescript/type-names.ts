import type { JsonNode } from '#libs/formats/json-text';

/** Names of types, each given once; what is asked for twice gets a number. */
export class TypeNames {
  readonly #taken = new Set<string>();
  readonly #byNode = new Map<JsonNode, string>();

  /** The name of a schema's type, from the first proposal made for it. */
  of(node: JsonNode, proposal: string): string {
    const known = this.#byNode.get(node);
    if (known !== undefined) return known;
    const base = pascalCase(proposal);
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}${number}`;
    this.#taken.add(name);
    this.#byNode.set(node, name);
    return name;
  }
}

/** `order-line`, `#/definitions/order_line` and `http://x/order.line.json` all become a name like OrderLine. */
export function pascalCase(text: string): string {
  const last =
    text
      .replace(/[#/]+$/, '')
      .split(/[#/]/)
      .at(-1) ?? '';
  const words = last.replace(/\.(schema|json)\b/g, '').match(/[A-Za-z0-9]+/g) ?? [];
  const name = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  if (name === '') return 'Value';
  return /^[0-9]/.test(name) ? `Value${name}` : name;
}
