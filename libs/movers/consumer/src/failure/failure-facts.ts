import type { FailureEntry } from '../ports/inbox.ts';

/** What headers say about a failure. */
export interface FailureFacts extends FailureEntry {
  readonly sourceTime: Date;
  readonly sourceCluster: string | null;
  readonly schemaId: number | null;
  readonly appVersion: string | null;
  readonly undecodable: boolean;
}
