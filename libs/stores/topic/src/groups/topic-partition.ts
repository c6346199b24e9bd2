/** A partition of a topic, by name. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One string per partition, for maps. Names of topics have no slash. */
export function partitionKey(of: TopicPartition): string {
  return `${of.topic}/${of.partition}`;
}

/** By topic, then by number: the order in which partitions are shown and decided. */
export function comparePartitions(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}
