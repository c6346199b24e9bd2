import { TidemarkError } from '#libs/foundation/kernel';

/**
 * Whether the service still takes requests. When draining begins, streams are asked to end (they would never do so by
 * themselves); ordinary requests in progress are left to finish.
 */
export class RequestDrain {
  readonly #streams = new Set<AbortController>();
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  begin(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const stream of this.#streams) stream.abort(shuttingDown());
  }

  /** Ends the stream when draining begins; forgets it when it has ended. */
  watchStream(abort: AbortController): void {
    if (abort.signal.aborted) return;
    this.#streams.add(abort);
    abort.signal.addEventListener('abort', () => this.#streams.delete(abort), { once: true });
    if (this.#draining) abort.abort(shuttingDown());
  }
}

/** What requests are told that come while the service stops. */
export function shuttingDown(): TidemarkError {
  return new TidemarkError('SHUTTING_DOWN', 'This instance is stopping and takes no new requests.');
}
