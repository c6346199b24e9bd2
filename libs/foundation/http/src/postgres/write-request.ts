import type { Actor } from '../auth/actor.ts';

/** What a write must know about the request behind it: for the audit entry, and to answer a repeat without doing it again. */
export interface WriteRequest {
  readonly actor: Actor;
  readonly requestId: string;
  /** Method and path, for instance `POST /v1/topics`. */
  readonly operation: string;
  /** The Idempotency-Key of the caller, if there is one. */
  readonly idempotencyKey: string | undefined;
  /** Tells requests apart that use the same key: equal for equal requests. */
  fingerprint(): string;
  /** Called when the stored answer of an earlier request is given. */
  onReplayed(): void;
}
