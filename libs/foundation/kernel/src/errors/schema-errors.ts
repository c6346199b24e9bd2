import { define } from './error-spec.ts';

/** Schemas. */
export const SCHEMA_ERRORS = define({
  SCHEMA_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid schema',
    remedy: 'Correct the schema at the place that the message names; nothing was stored.',
  },
  SCHEMA_TOO_COMPLEX: {
    status: 422,
    retryable: false,
    title: 'The schema is beyond what the registry works on',
    remedy: 'Split the schema, or make it less deep; the message names the limit.',
  },
  SCHEMA_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'Unknown schema',
    remedy: 'Register the schema first, and check the subject, version or id that the message names.',
  },
  PAYLOAD_INVALID: {
    status: 422,
    retryable: false,
    title: 'The payload does not match its schema',
    remedy:
      'Correct the value at the path that the message names, or register a version of the schema that allows it. Nothing was sent; roll the transaction back.',
    sqlstate: 'TM014',
  },
  SCHEMA_REQUIRED: {
    status: 422,
    retryable: false,
    title: 'The topic takes payloads with a schema only',
    remedy:
      'Encode the payload with a registered schema and send its id (the SDK does both), or let the topic take others: select outbox.require_schemas(<topic>, false).',
    sqlstate: 'TM015',
  },
  WIRE_FORMAT_INVALID: {
    status: 422,
    retryable: false,
    title: 'The bytes are not in the wire format of schema registries',
    remedy:
      'Payloads with a schema start with the byte 0 and a schema id of 4 bytes, or have a header with its guid. Read others as plain bytes.',
  },
  REGISTRY_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'The schema registry cannot be reached',
    remedy: 'Check the URL and credentials that the message names, and that the registry runs; then try again.',
  },
});
