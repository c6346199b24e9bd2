import { type JsonNode, member } from '#libs/formats/json-text';
import { isSince, type JsonSchema } from '#libs/formats/json-schema';
import { constraintText } from './constraint-text.ts';
import { Collected, type Evaluated } from './evaluated.ts';

/** Characters of schemas that are compared as texts, and nodes looked at (64 each), in one comparison. */
const ROOM = 2_000_000;
const NODE_COST = 64;
const BRANCHES = ['anyOf', 'oneOf', 'dependentSchemas', 'dependencies', 'if', '$dynamicRef', '$recursiveRef'] as const;
const PARTNERS: Readonly<Record<string, readonly string[]>> = { if: ['if', 'then', 'else'] };

/** Works out what schemas of one document evaluate; when it gets long, everything is possible and nothing is certain. */
export class Evaluation {
  readonly #schema: JsonSchema;
  #room = ROOM;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
  }

  /** What a schema evaluates besides its own `properties`, `patternProperties`, `prefixItems` and what is left over. */
  elsewhere(node: JsonNode): Evaluated {
    const found = new Collected();
    this.#applied(node, true, found);
    return found;
  }

  #applied(node: JsonNode, isSure: boolean, found: Collected): void {
    const list = member(node, 'allOf');
    if (list?.kind === 'array') for (const each of list.items) this.#whole(each, isSure, found);
    const target = this.#schema.target(node);
    if (target !== undefined) this.#whole(target, isSure && member(node, '$ref') !== undefined, found);
    // In 2020-12 `contains` evaluates the items that fit it.
    if (member(node, 'contains') !== undefined && isSince(this.#schema.draftAt(node), '2020-12')) {
      found.possible.items = true;
      // Not every validator marks items where none has to fit, so that this counts as something else.
      const least = member(node, 'minContains');
      const isIdle = least?.kind === 'number' && Number(least.text) === 0;
      found.depending.add(`${this.#text(node, ['contains'])}${isIdle ? ' idle' : ''}`);
    }
    for (const keyword of BRANCHES) {
      if (member(node, keyword) === undefined) continue;
      const keywords = PARTNERS[keyword] ?? [keyword];
      if (isSure) found.depending.add(this.#text(node, keywords));
      for (const each of keywords) this.#branches(member(node, each), found);
      // Where a dynamic reference leads depends on what refers to the schema.
      if (keyword.startsWith('$')) Object.assign(found.possible, { everyName: true, items: true });
    }
  }

  #branches(node: JsonNode | undefined, found: Collected): void {
    if (node?.kind === 'array') for (const each of node.items) this.#whole(each, false, found);
    if (node?.kind !== 'object') return;
    this.#whole(node, false, found);
    for (const { value } of node.members) this.#whole(value, false, found);
  }

  #whole(node: JsonNode, isSure: boolean, found: Collected): void {
    if (node.kind !== 'object' || !found.isNew(node, isSure)) return;
    this.#room -= NODE_COST;
    if (this.#room < 0) {
      found.depending.add(unlikeAnyOther());
      Object.assign(found.possible, { everyName: true, items: true });
      return;
    }
    const draft = this.#schema.draftAt(node);
    const hasHidden = member(node, '$ref') !== undefined && !isSince(draft, '2019-09');
    if (!hasHidden) found.own(node, isSure, isSince(draft, '2020-12'));
    this.#applied(node, isSure, found);
  }

  /** A text that no other one equals when it is too long to be compared. */
  #text(node: JsonNode, keywords: readonly string[]): string {
    const members = node.kind === 'object' ? node.members.filter(({ name }) => keywords.includes(name)) : [];
    const text = constraintText({ kind: 'object', members }, this.#schema, this.#room);
    this.#room -= text?.length ?? 0;
    const target = keywords[0]!.startsWith('$') ? this.#schema.target(node) : undefined;
    const meant = target === undefined ? '' : constraintText(target, this.#schema, this.#room);
    this.#room -= meant?.length ?? 0;
    return text === undefined || meant === undefined ? unlikeAnyOther() : `${text}${meant}`;
  }
}

let last = 0;
function unlikeAnyOther(): string {
  last += 1;
  return `too long ${last}`;
}
