import { TidemarkError } from '#libs/foundation/kernel';
import { type Address } from '../connection/link.ts';
import { BrokerConnection } from '../connection/broker-connection.ts';
import type { KafkaConnectionSettings } from '../connection-settings.ts';
import type { BrokerAddress } from '../kafka-client.ts';

/**
 * Brokers work off one request of a connection after the other. So what may wait long has connections of its own:
 * produce requests for their replicas, fetches for records, joins for the other members of a group.
 */
export type Purpose = 'produce' | 'fetch' | 'join' | 'rest';

/** The brokers of a cluster as last seen, and the connections to them: lazily made, one for each purpose. */
export class Brokers {
  readonly #settings: KafkaConnectionSettings;
  readonly #connections = new Map<string, BrokerConnection>();
  #addresses: ReadonlyMap<number, Address> = new Map();
  #turn = 0;

  constructor(settings: KafkaConnectionSettings) {
    this.#settings = settings;
  }

  /** Takes the addresses from an answer that lists all brokers; ends connections that lead to none of them any more. */
  learn(brokers: readonly BrokerAddress[]): void {
    if (brokers.length === 0) return;
    this.#addresses = new Map(brokers.map(({ id, host, port }) => [id, { host, port }]));
    const known = new Set([...this.#addresses.values(), ...this.#settings.bootstrap].map(nameOf));
    for (const [key, connection] of this.#connections) {
      if (known.has(key.slice(key.indexOf(' ') + 1))) continue;
      this.#connections.delete(key);
      void connection.close();
    }
  }

  knows(broker: number): boolean {
    return this.#addresses.has(broker);
  }

  /** Throws KAFKA_UNREACHABLE for a broker that the last metadata did not list. */
  at(broker: number, purpose: Purpose): BrokerConnection {
    const address = this.#addresses.get(broker);
    if (address !== undefined) return this.#to(address, purpose);
    throw new TidemarkError('KAFKA_UNREACHABLE', `The cluster lists no broker ${broker} at present.`, {
      context: { broker },
    });
  }

  /**
   * Asks the brokers in turn until one answers, those of the last metadata before the bootstrap servers, for about
   * one request timeout. Throws the last KAFKA_UNREACHABLE, and every other error at once.
   */
  async any<T>(ask: (connection: BrokerConnection) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#settings.requestTimeoutMs;
    const candidates = this.#candidates();
    const awake = candidates.filter((connection) => !connection.resting);
    let last: unknown;
    for (const connection of awake.length > 0 ? awake : candidates) {
      try {
        return await ask(connection);
      } catch (error) {
        if (!(error instanceof TidemarkError) || error.code !== 'KAFKA_UNREACHABLE') throw error;
        last = error;
        this.#turn++;
        if (performance.now() >= deadline) break;
      }
    }
    throw last;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
  }

  #candidates(): BrokerConnection[] {
    const { bootstrap } = this.#settings;
    const addresses = [...rotated([...this.#addresses.values()], this.#turn), ...rotated(bootstrap, this.#turn)];
    return [...new Set(addresses.map((address) => this.#to(address, 'rest')))];
  }

  #to(address: Address, purpose: Purpose): BrokerConnection {
    const key = `${purpose} ${nameOf(address)}`;
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const connection = new BrokerConnection(address, this.#settings);
    this.#connections.set(key, connection);
    return connection;
  }
}

const nameOf = ({ host, port }: Address): string => `${host}:${port}`;

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
