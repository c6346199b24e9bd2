import { define } from './error-spec.ts';

/** Clusters, and publishing to Kafka. */
export const CLUSTER_ERRORS = define({
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
  CLUSTER_CANNOT_BE_EXACT: {
    status: 503,
    retryable: true,
    title: 'The cluster cannot be published to exactly once',
    remedy: 'Do what the message says, or let this cluster be published to at least once; nothing was sent to it.',
  },
});
