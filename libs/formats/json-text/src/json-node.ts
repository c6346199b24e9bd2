/** One member of an object. A name occurs once in an object. */
export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
}

export type JsonArray = { readonly kind: 'array'; readonly items: readonly JsonNode[] };
export type JsonObject = { readonly kind: 'object'; readonly members: readonly JsonMember[] };

/**
 * A JSON value with nothing lost: members in the order of the text, numbers as the text writes them. `JSON.parse` moves
 * integer-like names to the front and rounds what a double cannot hold, which changes what identifies a schema.
 */
export type JsonNode =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `text` is a number by the grammar of JSON, as written: `1.0`, `1e5` and `-0` are told apart. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | JsonArray
  | JsonObject;
