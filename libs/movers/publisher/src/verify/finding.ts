/**
 * What is wrong at an offset of a cluster.
 *
 * missing: the log's record is not at its offset, nor is another of ours. doubled: a record of ours stands at an offset
 * where another one, or none, belongs. foreign: a record that the log does not know. differing: the right record with other
 * bytes.
 */
export type FindingKind = 'missing' | 'doubled' | 'foreign' | 'differing';

export interface Finding {
  readonly kind: FindingKind;
  readonly partition: number;
  readonly clusterOffset: bigint;
  /** Null where no record of the log belongs. */
  readonly logOffset: bigint | null;
  /** Of the record on the cluster, or of the missing one. */
  readonly messageId: string | null;
  /** What differs, or what stands there instead. */
  readonly detail: string;
}
