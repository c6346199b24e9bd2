import { type JsonNode, stringMember } from '#libs/formats/json-text';
import { TidemarkError } from '#libs/foundation/kernel';
import { type Draft, draftOf, isSince } from './draft.ts';
import { definitions, subschemas } from './subschemas.ts';
import { NO_BASE, resolveUri, splitFragment } from './uri.ts';

/** Where a schema stands: what its relative references are resolved against, and how it is read. */
export interface Place {
  readonly base: string;
  readonly draft: Draft;
  readonly document: JsonNode;
}

/** All schemas of the texts by where they stand and by the URIs and anchors that name them. Filled once, never fetched into. */
export class SchemaIndex {
  readonly #places = new Map<JsonNode, Place>();
  readonly #byUri = new Map<string, JsonNode>();
  readonly #nodesMax: number;

  constructor(nodesMax: number) {
    this.#nodesMax = nodesMax;
  }

  /** Adds a document under its own `$id` and under `uri`. The first document of a URI counts. */
  add(root: JsonNode, uri: string | undefined, inherited: Draft): void {
    const base = uri ?? NO_BASE;
    this.#name(base, root);
    this.visit(root, { base, draft: draftOf(root, inherited), document: root });
  }

  /** Adds a schema that a reference found outside the places where schemas are known to be. */
  visit(node: JsonNode, outer: Place): void {
    if (node.kind !== 'object' || this.#places.has(node)) return;
    if (this.#places.size >= this.#nodesMax) {
      throw new TidemarkError('SCHEMA_TOO_COMPLEX', `The schema has more than ${this.#nodesMax} schemas within.`);
    }
    const draft = node === outer.document ? outer.draft : draftOf(node, outer.draft);
    const base = this.#baseOf(node, draft, outer.base);
    const place = { base, draft, document: outer.document };
    this.#places.set(node, place);
    for (const each of subschemas(node, draft)) this.visit(each.node, place);
    for (const each of definitions(node)) this.visit(each.node, place);
  }

  place(node: JsonNode): Place | undefined {
    return this.#places.get(node);
  }

  /** The schema that an absolute URI names, fragment included, or undefined. */
  named(uri: string): JsonNode | undefined {
    return this.#byUri.get(uri);
  }

  #baseOf(node: JsonNode, draft: Draft, outer: string): string {
    const hasRef = stringMember(node, '$ref') !== undefined;
    // Up to draft 7 whatever stands beside a $ref is ignored, an $id too.
    const id = hasRef && !isSince(draft, '2019-09') ? undefined : stringMember(node, draft === '4' ? 'id' : '$id');
    let base = outer;
    if (id !== undefined) {
      const { document, fragment } = splitFragment(id);
      if (document !== '') base = resolveUri(document, outer);
      this.#name(fragment === '' ? base : `${base}#${fragment}`, node);
    }
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = stringMember(node, keyword);
      if (anchor !== undefined) this.#name(`${base}#${anchor}`, node);
    }
    return base;
  }

  #name(uri: string, node: JsonNode): void {
    if (!this.#byUri.has(uri)) this.#byUri.set(uri, node);
  }
}
