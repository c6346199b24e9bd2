import { define } from './error-spec.ts';

/** What consumers have handled and could not handle. */
export const INBOX_ERRORS = define({
  INBOX_TRANSACTION_TOO_LONG: {
    status: 503,
    retryable: true,
    title: 'The transaction that handles messages was open for too long',
    remedy:
      'Its effects are undone and the messages are delivered again. Make the handler shorter (10 minutes are the limit), or do its long part before it opens the transaction.',
    sqlstate: 'TM020',
  },
  INBOX_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid call of the inbox',
    remedy: 'Correct the argument named in the message; nothing was changed.',
    sqlstate: 'TM021',
  },
  KEY_NOT_BLOCKED: {
    status: 404,
    retryable: false,
    title: 'No message of the group waits behind this key',
    remedy: 'Check group, topic and key; a key that was resolved is no longer listed.',
    sqlstate: 'TM022',
  },
});
