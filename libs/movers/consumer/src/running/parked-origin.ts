import type { Queryable } from '#libs/foundation/postgres';
import type { Inbox, RecordPlace } from '../ports/inbox.ts';
import type { Origin } from './origin.ts';

/** A parked message that was seen: taken from the database in the transaction that handles it or moves it on. */
export class ParkedOrigin implements Origin {
  readonly ending: AbortSignal;
  readonly lost: AbortSignal;
  readonly #inbox: Inbox;
  readonly #group: string;
  readonly #place: RecordPlace;

  constructor(
    inbox: Inbox,
    group: string,
    place: RecordPlace,
    signals: { readonly ending: AbortSignal; readonly lost: AbortSignal },
  ) {
    this.#inbox = inbox;
    this.#group = group;
    this.#place = place;
    this.ending = signals.ending;
    this.lost = signals.lost;
  }

  async claim(tx: Queryable): Promise<boolean> {
    const taken = await this.#inbox.takeParked(tx, this.#group, [this.#place.topic]);
    return taken !== null && isSamePlace(taken.record, this.#place);
  }

  planOffset(): null {
    return null;
  }

  finish(): void {
    // Nothing in memory is kept of it.
  }
}

function isSamePlace(one: RecordPlace, other: RecordPlace): boolean {
  return one.topic === other.topic && one.partition === other.partition && one.offset === other.offset;
}
