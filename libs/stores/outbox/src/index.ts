export type { PendingMessage } from './pending-message.ts';
export { type Horizon, readHorizon } from './postgres/horizon.sql.ts';
export { type HorizonHolder, readHorizonHolders } from './postgres/horizon-holders.sql.ts';
export { readPending } from './postgres/read-pending.sql.ts';
export { alterTopic, createTopic, findTopic, listTopics, readPartitionCounts } from './postgres/topics.sql.ts';
export type { Topic, TopicSettings } from './topic.ts';
