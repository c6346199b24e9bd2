/** Names of the headers of retry and dlq records, all values UTF-8 text. */
export const FAILURE_HEADERS = {
  id: 'tidemark-dlq-id',
  messageId: 'tidemark-dlq-message-id',
  sourceCluster: 'tidemark-dlq-source-cluster',
  sourceTopic: 'tidemark-dlq-source-topic',
  sourcePartition: 'tidemark-dlq-source-partition',
  sourceOffset: 'tidemark-dlq-source-offset',
  sourceTimestamp: 'tidemark-dlq-source-timestamp',
  group: 'tidemark-dlq-group',
  handler: 'tidemark-dlq-handler',
  errorClass: 'tidemark-dlq-error-class',
  errorCauseClass: 'tidemark-dlq-error-cause-class',
  errorMessage: 'tidemark-dlq-error-message',
  errorStack: 'tidemark-dlq-error-stack',
  attempts: 'tidemark-dlq-attempts',
  firstFailedAt: 'tidemark-dlq-first-failed-at',
  failedAt: 'tidemark-dlq-failed-at',
  schemaId: 'tidemark-dlq-schema-id',
  appVersion: 'tidemark-dlq-app-version',
} as const;

const PREFIX = 'tidemark-dlq-';
const SPRING = 'kafka_dlt-';
const CONNECT = '__connect.errors.';

/** True for what Tidemark itself has added to a message on its way through retry topics and dlqs. */
export function isFailureHeader(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** True for the names of the other styles. */
export function isForeignFailureHeader(name: string): boolean {
  return name.startsWith(SPRING) || name.startsWith(CONNECT);
}
