import { type JsonNode, stringMember } from '#libs/formats/json-text';

/** The drafts of JSON Schema that are told apart, oldest first. */
export const DRAFTS = ['4', '6', '7', '2019-09', '2020-12'] as const;
export type Draft = (typeof DRAFTS)[number];

/** What counts for a schema without `$schema`, as Confluent has it. */
export const DEFAULT_DRAFT: Draft = '7';

const SCHEMA_URI =
  /^https?:\/\/json-schema\.org\/(?:draft-0([467])\/(?:hyper-)?schema|draft\/(2019-09|2020-12)\/(?:hyper-)?schema)#?$/;

/** The draft that `$schema` names. Other meta-schemas, and none, are read as `inherited`. */
export function draftOf(root: JsonNode, inherited: Draft = DEFAULT_DRAFT): Draft {
  const [, short, long] = SCHEMA_URI.exec(stringMember(root, '$schema') ?? '') ?? [];
  return ((short ?? long) as Draft | undefined) ?? inherited;
}

/** Whether a URI, with or without fragment, is that of a published meta-schema: known without being fetched. */
export function isMetaSchema(uri: string): boolean {
  return SCHEMA_URI.test(uri.replace(/#.*$/, ''));
}

/** Whether `draft` is `first` or a later one. */
export function isSince(draft: Draft, first: Draft): boolean {
  return DRAFTS.indexOf(draft) >= DRAFTS.indexOf(first);
}
