import type { Isolation } from '../kafka-client.ts';

/** Kafka's number for it. */
export const isolationLevel = (isolation: Isolation): number => (isolation === 'read_committed' ? 1 : 0);
