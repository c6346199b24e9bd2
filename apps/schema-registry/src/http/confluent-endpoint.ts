import { endpoint, type EndpointInput, type EndpointSpec } from '#libs/foundation/http';
import type { ChangeAuthor } from '#libs/stores/schemas';
import { ANSWER_TYPES } from '../wire/media-types.ts';

/** An endpoint of Confluent's API: its media types, and its tolerance of what it does not know. */
export function confluent<const S extends EndpointSpec>(spec: S) {
  return endpoint({ mediaTypes: ANSWER_TYPES, lenient: true, ...spec });
}

/** Who makes a change, for the audit and the change feed. */
export function authorOf({ actor, requestId }: EndpointInput): ChangeAuthor {
  return { actor: actor.name, requestId };
}
