import { define } from './error-spec.ts';

/** Consumers. */
export const CONSUMER_ERRORS = define({
  CONSUMER_INVALID: {
    status: 422,
    retryable: false,
    title: 'Invalid consumer options',
    remedy: 'Correct the option that the message names; nothing was started.',
  },
  HANDLER_TIMEOUT: {
    status: 504,
    retryable: true,
    title: 'A handler took too long',
    remedy:
      'Its transaction was rolled back and is tried again. Make the handler faster, let it heed its signal, or raise timeoutMs.',
  },
  DELIVERY_CANCELLED: {
    status: 503,
    retryable: true,
    title: 'A delivery was given up',
    remedy: 'Its transaction was rolled back; the message is delivered again, here or by another member of the group.',
  },
  REPLY_UNSUPPORTED: {
    status: 422,
    retryable: false,
    title: 'Topics give no replies',
    remedy: 'Use emit for events; for requests that wait for an answer use another transport.',
  },
});
