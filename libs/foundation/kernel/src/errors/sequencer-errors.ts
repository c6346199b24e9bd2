import { define } from './error-spec.ts';

/** Sequencer and groups. */
export const SEQUENCER_ERRORS = define({
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
  GROUP_INSTANCE_TAKEN: {
    status: 409,
    retryable: false,
    title: 'Another member has joined under the same instance id',
    remedy:
      'Let this process end if it was replaced; processes that run at the same time need an instanceId each of their own.',
  },
});
