import { type JsonNode, member } from '#libs/formats/json-text';

/** Which properties and items of a value some keywords have looked at, so that `unevaluated…` does not. */
export interface Evaluated {
  readonly names: ReadonlySet<string>;
  readonly patterns: ReadonlySet<string>;
  readonly everyName: boolean;
  /** As many items from the first on. */
  readonly items: number;
  readonly everyItem: boolean;
  /** Keywords of which it depends on the value what they evaluate, as texts: the same text evaluates the same. */
  readonly depending: ReadonlySet<string>;
  /** The same with all that may be evaluated for some values, whatever it depends on. */
  readonly possible: {
    readonly names: ReadonlySet<string>;
    readonly patterns: ReadonlySet<string>;
    readonly everyName: boolean;
    readonly items: boolean;
  };
}

/** What is collected from schemas that apply to one value. */
export class Collected implements Evaluated {
  readonly names = new Set<string>();
  readonly patterns = new Set<string>();
  everyName = false;
  items = 0;
  everyItem = false;
  readonly depending = new Set<string>();
  readonly possible = { names: new Set<string>(), patterns: new Set<string>(), everyName: false, items: false };
  readonly #seen = { sure: new Set<JsonNode>(), unsure: new Set<JsonNode>() };

  isNew(node: JsonNode, isSure: boolean): boolean {
    const seen = isSure ? this.#seen.sure : this.#seen.unsure;
    if (seen.has(node)) return false;
    seen.add(node);
    return true;
  }

  /** A schema's own keywords; without certainty they only may evaluate something. */
  own(node: JsonNode, isSure: boolean, hasPrefixItems: boolean): void {
    const has = (...keywords: string[]): boolean => keywords.some((keyword) => member(node, keyword) !== undefined);
    const [names, patterns] = [namesIn(member(node, 'properties')), namesIn(member(node, 'patternProperties'))];
    const everyName = has('additionalProperties', 'unevaluatedProperties');
    const [items, prefix] = [member(node, 'items'), member(node, hasPrefixItems ? 'prefixItems' : 'items')];
    const tuple = prefix?.kind === 'array' ? prefix.items.length : 0;
    const everyItem =
      (items !== undefined && items.kind !== 'array') ||
      has('unevaluatedItems') ||
      (!hasPrefixItems && tuple > 0 && has('additionalItems'));
    for (const name of names) this.possible.names.add(name);
    for (const pattern of patterns) this.possible.patterns.add(pattern);
    this.possible.everyName ||= everyName;
    this.possible.items ||= everyItem || tuple > 0;
    if (!isSure) return;
    for (const name of names) this.names.add(name);
    for (const pattern of patterns) this.patterns.add(pattern);
    this.everyName ||= everyName;
    this.everyItem ||= everyItem;
    this.items = Math.max(this.items, tuple);
  }
}

function namesIn(node: JsonNode | undefined): string[] {
  return node?.kind === 'object' ? node.members.map(({ name }) => name) : [];
}
