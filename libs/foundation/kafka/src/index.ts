export { type BootstrapServer, parseBootstrapServers } from './config/bootstrap-servers.ts';
export { CLUSTER_NAME, CLUSTER_NAME_RULE, type ListedCluster, parseClusterList } from './config/cluster-list.ts';
export { type ConnectionContext, connectionFromSection } from './config/connection-from-section.ts';
export { type ConnectionSection, connectionShape } from './config/connection-schema.ts';
export { type NamedSecret, namedSecrets, secretProblem } from './config/named-secrets.ts';
export { readSecretFile, SECRET_FILE_BYTES_MAX, type SecretAccess } from './config/secret-access.ts';
export type { KafkaConnectionSettings, SaslSettings, TlsSettings } from './connection-settings.ts';
export type {
  BrokerAddress,
  ClusterMetadata,
  FetchedPartition,
  FetchRequest,
  GroupOffset,
  Isolation,
  KafkaClient,
  ListedOffset,
  LogEnd,
  Partition,
  PartitionMetadata,
  PartitionProducers,
  ProduceAnswer,
  ProduceBatch,
  ProduceResult,
  ProducerState,
  TopicMetadata,
  TopicOutcome,
  TopicToCreate,
} from './kafka-client.ts';
export type {
  ClassicMember,
  JoinGroupAnswer,
  JoinGroupRequest,
  KafkaClassicGroupClient,
  SyncGroupRequest,
} from './kafka-classic-group-client.ts';
export {
  type FoundOffset,
  type GroupMembership,
  type HeartbeatAnswer,
  type KafkaGroupClient,
  MEMBER_EPOCH,
  type MemberHeartbeat,
  type MemberOffset,
  type PartitionOfId,
  type TopicIdPartitions,
} from './kafka-group-client.ts';
export type { Compression, FetchedRecord, KafkaRecord, ProducerPlace } from './record.ts';
export { type DecodedBatches, decodeRecordBatches } from './record-batch/decode-record-batches.ts';
export type { BatchOptions } from './record-batch/batch-head.ts';
export { encodeHeaders } from './record-batch/encode-headers.ts';
export { encodeRecordBatch } from './record-batch/encode-record-batch.ts';
export { type BatchRoom, RecordBatchWriter } from './record-batch/record-batch-writer.ts';
export { bytesWithLength, RECORD_BATCH_OVERHEAD, recordBytes } from './record-batch/record-size.ts';
export { API_KEY } from './client/abilities.ts';
export { createKafkaClient } from './client/create-kafka-client.ts';
export { KAFKA_ERROR, kafkaErrorName } from './kafka-errors.ts';
