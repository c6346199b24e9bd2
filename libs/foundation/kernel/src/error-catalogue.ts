/** What a code means. `status` is the HTTP status; `sqlstate` is set where Postgres functions raise it (class TM). */
export interface ErrorSpec {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly remedy: string;
  readonly sqlstate?: string;
}

const define = <const T extends Record<string, ErrorSpec>>(specs: T): Readonly<Record<keyof T, ErrorSpec>> => specs;

/**
 * The closed list of error codes. docs/ERRORS.md is generated from it, and a test compares the two.
 * A code is never reused for another meaning.
 */
export const ERRORS = define({
  // Requests and configuration
  INTERNAL: {
    status: 500,
    retryable: false,
    title: 'Internal error',
    remedy: 'This is a defect: report it with the request id from the response and the log lines that carry it.',
  },
  REQUEST_INVALID: {
    status: 400,
    retryable: false,
    title: 'Invalid request',
    remedy: 'Correct the fields named in the message and send the request again; nothing was changed.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    retryable: false,
    title: 'Request too large',
    remedy: 'Send a smaller body, or raise TIDEMARK_HTTP_BODY_MAX_BYTES.',
  },
  REQUEST_TIMEOUT: {
    status: 503,
    retryable: true,
    title: 'Request took too long',
    remedy: 'Ask for less at a time, or try again later.',
  },
  ROUTE_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'No such route',
    remedy: 'See /openapi.json for the routes of this service.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    title: 'Method not allowed',
    remedy: 'Use one of the methods that the Allow header lists.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    title: 'Unsupported media type',
    remedy: 'Send JSON with content-type: application/json.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    retryable: false,
    title: 'No media type of the answer is acceptable',
    remedy: 'Send an Accept header that allows one of the media types that the message lists, or none.',
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    title: 'Not authenticated',
    remedy: 'Send Basic or Bearer credentials that the credentials file lists.',
  },
  AUTHENTICATION_BUSY: {
    status: 503,
    retryable: true,
    title: 'Too many requests wait to be authenticated',
    remedy: 'Try again later; if it repeats, look for a client that sends wrong credentials.',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    title: 'Not allowed',
    remedy: 'Use credentials with the role that the message names.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    title: 'Idempotency key reused for another request',
    remedy: 'Use a new Idempotency-Key for a new request.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    retryable: true,
    title: 'A request with this idempotency key is still running',
    remedy: 'Wait for the first request, then send it again to get its answer.',
  },
  CONFIG_INVALID: {
    status: 500,
    retryable: false,
    title: 'Invalid configuration',
    remedy: 'Correct the settings named in the message; docs/CONFIG.md lists all of them.',
  },
  SECRET_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'A password, key or token cannot be obtained now',
    remedy:
      'Make the file, variable or token endpoint that the message names give it again; it is asked for at the next connection.',
  },
  PORT_UNAVAILABLE: {
    status: 500,
    retryable: false,
    title: 'The service cannot listen there',
    remedy: 'Stop what uses the port, or choose another one with the setting that the message names.',
  },
  SHUTTING_DOWN: {
    status: 503,
    retryable: true,
    title: 'Shutting down',
    remedy: 'Send the request to another instance, or again after the restart.',
  },
  STOP_DEADLINE_EXCEEDED: {
    status: 500,
    retryable: false,
    title: 'Work was not drained in time',
    remedy: 'Nothing is lost: unfinished work is done again after the start. Raise TIDEMARK_DRAIN_MS if this repeats.',
  },
  // Database
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'Postgres cannot be reached',
    remedy: 'Check that DATABASE_URL names a running Postgres 14 or later that accepts connections from here.',
  },
  DATABASE_BUSY: {
    status: 503,
    retryable: true,
    title: 'Postgres could not serve the statement now',
    remedy: 'Try again; if it repeats, look at locks and pool sizes.',
  },
  TRANSACTION_ABORTED: {
    status: 500,
    retryable: false,
    title: 'The transaction was rolled back',
    remedy:
      'Nothing was written. Let errors of statements end the transaction, or put what may fail behind a savepoint.',
  },
  DATABASE_UNSUPPORTED: {
    status: 500,
    retryable: false,
    title: 'Unsupported Postgres',
    remedy: 'Use Postgres 14 or later.',
  },
  SCHEMA_MISSING: {
    status: 500,
    retryable: false,
    title: 'The database is not migrated',
    remedy: 'Run: npm run migrate (or: tidemark migrate).',
  },
  SCHEMA_TOO_NEW: {
    status: 500,
    retryable: false,
    title: 'The database is newer than this version',
    remedy: 'Start the version of Tidemark that made the last migration, or a later one.',
  },
  EMBEDDED_POSTGRES_FAILED: {
    status: 500,
    retryable: false,
    title: 'The embedded Postgres did not start',
    remedy: 'See the message; or set DATABASE_URL to use a Postgres of your own.',
  },
  // Topics and messages
  TOPIC_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'Unknown topic',
    remedy: "Create it first: tidemark topics create <name>, POST /v1/topics, or select outbox.create_topic('<name>').",
    sqlstate: 'TM001',
  },
  TOPIC_EXISTS: {
    status: 409,
    retryable: false,
    title: 'The topic exists already',
    remedy: 'Use the existing topic, or another name.',
    sqlstate: 'TM002',
  },
  TOPIC_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid topic settings',
    remedy: 'Correct the setting named in the message.',
    sqlstate: 'TM003',
  },
  MESSAGE_TOO_LARGE: {
    status: 422,
    retryable: false,
    title: 'The message is larger than its topic allows',
    remedy:
      'Send a smaller message (store the body elsewhere and send a reference), or raise max_message_bytes of the topic.',
    sqlstate: 'TM004',
  },
  PARTITION_INVALID: {
    status: 422,
    retryable: false,
    title: 'No such partition',
    remedy: 'Use a partition from 0 to the number of partitions less one, or leave it out.',
    sqlstate: 'TM005',
  },
  HEADERS_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid headers',
    remedy:
      'Use an object of strings, or an array of [name, value] pairs where a value is a string, null or {"base64": "..."}; names that start with tidemark- are reserved.',
    sqlstate: 'TM006',
  },
  KEY_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid key',
    remedy: 'Use a key of at most 8192 bytes, or none.',
    sqlstate: 'TM007',
  },
  NOT_IN_TRANSACTION: {
    status: 500,
    retryable: false,
    title: 'Emit outside of a transaction',
    remedy: 'Begin a transaction and emit with its client, so that the event and the business change commit together.',
  },
  ADOPTION_INVALID: {
    status: 422,
    retryable: false,
    title: 'The table cannot be adopted',
    remedy: 'Correct the mapping as the message says.',
    sqlstate: 'TM008',
  },
  MESSAGE_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'Unknown message',
    remedy: 'Check the message id; messages older than the retention of their topic are gone.',
  },
  OFFSET_OUT_OF_RANGE: {
    status: 416,
    retryable: false,
    title: 'Offset out of range',
    remedy: 'Start at the start offset that the context names, or wait until the end offset has moved.',
  },
  MESSAGE_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid message',
    remedy: 'Correct the field named in the message; nothing was sent, and the transaction can go on.',
  },
  // Schemas
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
  // Sequencer and groups
  LEASE_LOST: {
    status: 503,
    retryable: true,
    title: 'Another instance leads now',
    remedy:
      'Nothing to do: this instance stands by. If leadership changes often, look for long pauses of the process or of Postgres.',
  },
  LOG_HEAD_MOVED: {
    status: 500,
    retryable: true,
    title: 'The end of a partition is not where the sequencer left it',
    remedy:
      'Nothing was written: the sequencer reads the ends again. If it repeats, somebody else writes to schema log; find out who.',
    sqlstate: 'TM009',
  },
  GROUP_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'Unknown consumer group',
    remedy: 'Check the name: GET /v1/groups lists the groups.',
    sqlstate: 'TM013',
  },
  GROUP_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid consumer group request',
    remedy: 'Correct the field named in the message.',
    sqlstate: 'TM012',
  },
  GROUP_ACTIVE: {
    status: 409,
    retryable: false,
    title: 'The consumer group has active members',
    remedy: 'Stop its members first, then try again.',
  },
  GROUP_FENCED: {
    status: 409,
    retryable: false,
    title: 'The member no longer owns the partition',
    remedy: 'Join again: another member has taken the partition over; its records will be handled there.',
    sqlstate: 'TM011',
  },
  // Clusters
  CLUSTER_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'Unknown cluster',
    remedy: 'Check the name: GET /v1/clusters lists the clusters.',
    sqlstate: 'TM017',
  },
  CLUSTER_IN_USE: {
    status: 409,
    retryable: false,
    title: 'The cluster is being published to',
    remedy: 'Take the cluster out of the configuration of every relay and restart them, then try again.',
    sqlstate: 'TM016',
  },
  CLUSTER_PRODUCER_CHANGED: {
    status: 500,
    retryable: false,
    title: 'The producer id of a cluster cannot change',
    remedy:
      'Nothing was written. With another producer id the brokers could not refuse what they have already; a cluster that is to be filled anew is removed first: tidemark clusters remove <name>.',
    sqlstate: 'TM018',
  },
  KAFKA_UNREACHABLE: {
    status: 503,
    retryable: true,
    title: 'No answer from a Kafka broker',
    remedy: 'Check that the broker named in the message runs and can be reached from here; it is tried again.',
  },
  KAFKA_AUTHENTICATION_FAILED: {
    status: 503,
    retryable: false,
    title: 'A Kafka broker refused the sign-in',
    remedy:
      "Correct the cluster's TLS or SASL settings or its secret, as the message says; changed secrets are read again.",
  },
  KAFKA_UNSUPPORTED: {
    status: 503,
    retryable: false,
    title: 'The Kafka cluster does not know a call that is needed',
    remedy: 'Use Kafka 3.5 or later, or a compatible cluster that offers the call in the message.',
  },
  KAFKA_REFUSED: {
    status: 503,
    retryable: false,
    title: 'The Kafka cluster refused a call',
    remedy:
      "Act on Kafka's error in the message; for an authorization error grant the principal the operation it names.",
  },
  // Publishing to Kafka
  CLUSTER_CANNOT_BE_EXACT: {
    status: 503,
    retryable: true,
    title: 'The cluster cannot be published to exactly once',
    remedy: 'Do what the message says, or let this cluster be published to at least once; nothing was sent to it.',
  },
} as const);

export type ErrorCode = keyof typeof ERRORS;

/** The code of an SQLSTATE that our own Postgres functions raise, if it is one of theirs. */
export function errorCodeOfSqlState(sqlstate: string): ErrorCode | undefined {
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].sqlstate === sqlstate);
}
