/** What the publisher of a cluster is asked to do with a partition. */
export type ClusterRequest = {
  readonly topicId: number;
  readonly partition: number;
} & (
  | {
      /** Ask the cluster again where the partition ends, and put back what is missing there. */
      readonly action: 'locate';
    }
  | {
      /** Leave what the cluster holds as it is, and go on behind it with this log offset. */
      readonly action: 'accept';
      readonly fromOffset: bigint;
    }
);
