import { define } from './error-spec.ts';

/** Topics and messages. */
export const MESSAGE_ERRORS = define({
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
});
