import type { Clock } from '#libs/foundation/kernel';
import type { KafkaGroupClient } from '#libs/foundation/kafka';

/** How long the settings of a group are believed, ms. */
const AGE_MS = 60_000;

/** The settings of one group on its cluster, read again from time to time. */
export class GroupConfigs {
  readonly #client: Pick<KafkaGroupClient, 'groupConfigs'>;
  readonly #group: string;
  readonly #clock: Clock;
  readonly #onTrouble: (error: unknown) => void;
  #values: ReadonlyMap<string, string> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(
    group: string,
    from: { client: Pick<KafkaGroupClient, 'groupConfigs'>; clock: Clock; onTrouble: (error: unknown) => void },
  ) {
    this.#group = group;
    this.#client = from.client;
    this.#clock = from.clock;
    this.#onTrouble = from.onTrouble;
  }

  /** Undefined when they cannot be seen. After a failure, which is told, those of the last time. */
  async read(): Promise<ReadonlyMap<string, string> | undefined> {
    const now = this.#clock.now();
    if (now - this.#readAt < AGE_MS) return this.#values;
    this.#readAt = now;
    try {
      this.#values = await this.#client.groupConfigs(this.#group);
    } catch (error) {
      this.#onTrouble(error);
    }
    return this.#values;
  }
}
