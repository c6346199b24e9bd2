/** What answers can be, best first: the order of Confluent's server-side weights. */
export const ANSWER_TYPES = [
  'application/vnd.schemaregistry.v1+json',
  'application/vnd.schemaregistry+json',
  'application/json',
] as const;

/** What bodies of requests can be. All of them hold JSON; a missing type counts as JSON as well. */
export const BODY_TYPES = [...ANSWER_TYPES, 'application/octet-stream'] as const;
