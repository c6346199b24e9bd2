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
  CLUSTER_NOT_CONFIGURED: {
    status: 409,
    retryable: false,
    title: 'This relay does not talk to the cluster',
    remedy:
      'Ask a relay that has the cluster in its configuration (TIDEMARK_CLUSTERS or its clusters file), or add it there: GET /v1/clusters says which are configured.',
  },
  TOPIC_NOT_PUBLISHED: {
    status: 409,
    retryable: false,
    title: 'The topic is not published to the cluster',
    remedy: 'GET /v1/clusters/{cluster} lists the topics that are, and why others are not.',
  },
  PARTITION_NOT_STOPPED: {
    status: 409,
    retryable: false,
    title: 'The partition does not wait for a decision',
    remedy:
      'Accept only what a stopped partition asks for; its trouble says so. To have a partition looked at again: tidemark clusters resync <cluster> <topic>.',
  },
  VERIFICATION_RUNNING: {
    status: 409,
    retryable: true,
    title: 'The cluster is being verified',
    remedy: 'Wait until the verification that runs is over, or end it; one at a time runs per cluster and relay.',
  },
  CLUSTER_GROUP_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'The group has committed nothing on the cluster',
    remedy: "Check the group's name and the cluster; consumer groups of Kafka live on the cluster, not in Postgres.",
  },
  FAILOVER_NOT_READY: {
    status: 409,
    retryable: true,
    title: 'The target cluster lacks records that the group has handled',
    remedy:
      'Wait until the target has caught up; `partitions` says with what, a dry run in full. What is not there at all needs its topic routed to the target.',
  },
  FAILOVER_GROUP_ACTIVE: {
    status: 409,
    retryable: true,
    title: 'The group has members on the target cluster',
    remedy: 'Stop the consumers of the group on the target cluster, then try again; nothing was changed.',
  },
  CLUSTER_CANNOT_BE_EXACT: {
    status: 503,
    retryable: true,
    title: 'The cluster cannot be published to exactly once',
    remedy: 'Do what the message says, or let this cluster be published to at least once; nothing was sent to it.',
  },
});
