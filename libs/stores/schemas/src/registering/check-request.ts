import type { SchemaReference, SchemaTags, SchemaType } from '#libs/formats/schema';
import { checkReferences } from '../contents/check-references.ts';
import { checkRuleSet } from '../contents/check-rule-set.ts';
import { checkText, isTextless, typeOf } from '../contents/candidate.ts';
import { tidyMetadata, tidyRuleSet } from '../contents/tidy-request.ts';
import { invalidSchema, VERSION_MAX } from '../refusals.ts';
import type { SchemaRequest } from '../registry.ts';
import { checkTags } from '../tagging/text-with-tags.ts';
import type { Attributes } from './identity.ts';

/** A request with everything in it checked that can be without looking at what is stored. */
export interface CheckedRequest extends Attributes {
  readonly type: SchemaType;
  /** Undefined: that of the previous version. */
  readonly text: string | undefined;
  /** May have the version -1. */
  readonly references: readonly SchemaReference[];
  /** Undefined: the registry chooses. */
  readonly id: number | undefined;
  /** Undefined: the next one; -1: the next one, noted in the metadata. */
  readonly version: number | undefined;
  /** Kept in import mode; undefined: made from the contents. */
  readonly guid: string | undefined;
  /** Kept in import mode, ms since the epoch; undefined: now. */
  readonly ts: number | undefined;
  readonly tagsToAdd: readonly SchemaTags[];
  readonly tagsToRemove: readonly SchemaTags[];
  readonly propagateTags: boolean;
}

/** The last moment that a JavaScript Date can say; Postgres knows later ones. */
const TS_MAX = 8_640_000_000_000_000;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws 42201, 42209 or 42210 for what no registry would take. */
export function checkRequest(request: SchemaRequest): CheckedRequest {
  const { schema, id, version, guid, ts } = request;
  const text = isTextless(request) ? undefined : schema!;
  if (text !== undefined) checkText(text);
  const ruleSet = tidyRuleSet(request.ruleSet);
  checkRuleSet(ruleSet);
  if (id !== null && id !== undefined && (!Number.isInteger(id) || id > VERSION_MAX)) {
    throw invalidSchema(`The id ${id} is not valid`);
  }
  if (guid !== null && guid !== undefined && !GUID.test(guid)) throw invalidSchema(`The guid ${guid} is not valid`);
  if (ts !== null && ts !== undefined && !(Number.isInteger(ts) && ts >= 0 && ts <= TS_MAX)) {
    throw invalidSchema(`The time ${ts} is not valid: ts is in ms since the epoch`);
  }
  return {
    type: typeOf(request),
    text,
    references: checkReferences(request.references),
    metadata: tidyMetadata(request.metadata),
    ruleSet,
    // Clients send -1 and 0 where they have none.
    id: id === null || id === undefined || id <= 0 ? undefined : id,
    version: version === null || version === 0 ? undefined : version,
    guid: guid ?? undefined,
    ts: ts ?? undefined,
    tagsToAdd: checkTags(request.schemaTagsToAdd),
    tagsToRemove: checkTags(request.schemaTagsToRemove),
    propagateTags: request.propagateSchemaTags ?? false,
  };
}
