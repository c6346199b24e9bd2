import { TidemarkError } from '#libs/foundation/kernel';
import type { BrokerConnection } from '../connection/broker-connection.ts';
import { KAFKA_ERROR } from '../kafka-errors.ts';
import { FIND_COORDINATOR } from '../protocol/find-coordinator.ts';
import { expectAnswer } from './answer-error.ts';
import type { Brokers, Purpose } from './brokers.ts';

const ELSEWHERE: readonly number[] = [KAFKA_ERROR.NOT_COORDINATOR, KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE];
const GROUPS_MAX = 1_000;

/** Which broker coordinates a group, as far as is known: asked once, and again when it turns out to be another one. */
export class Coordinators {
  readonly #brokers: Brokers;
  readonly #refresh: () => Promise<unknown>;
  readonly #known = new Map<string, number>();

  constructor(brokers: Brokers, refresh: () => Promise<unknown>) {
    this.#brokers = brokers;
    this.#refresh = refresh;
  }

  /**
   * Makes a call at the group's coordinator, once more when its answer says that it has moved. Throws KAFKA_UNREACHABLE
   * while there is none, or while it still loads the group.
   */
  async call<Answer>(
    group: string,
    name: string,
    ask: (coordinator: BrokerConnection) => Promise<Answer>,
    errorOf: (answer: Answer) => number,
    purpose: Purpose = 'rest',
  ): Promise<Answer> {
    let answer = await this.#once(group, ask, purpose);
    if (ELSEWHERE.includes(errorOf(answer))) {
      this.#known.delete(group);
      answer = await this.#once(group, ask, purpose);
    }
    const errorCode = errorOf(answer);
    if (ELSEWHERE.includes(errorCode)) this.#known.delete(group);
    if (ELSEWHERE.includes(errorCode) || errorCode === KAFKA_ERROR.COORDINATOR_LOAD_IN_PROGRESS) {
      expectAnswer(name, errorCode);
    }
    return answer;
  }

  async #once<Answer>(
    group: string,
    ask: (coordinator: BrokerConnection) => Promise<Answer>,
    purpose: Purpose,
  ): Promise<Answer> {
    try {
      return await ask(this.#brokers.at(await this.#coordinatorOf(group), purpose));
    } catch (error) {
      // A broker that gives no answer may be gone, and another one may have the group.
      if (error instanceof TidemarkError && error.code === 'KAFKA_UNREACHABLE') this.#known.delete(group);
      throw error;
    }
  }

  async #coordinatorOf(group: string): Promise<number> {
    const known = this.#known.get(group);
    if (known !== undefined && this.#brokers.knows(known)) return known;
    const { errorCode, errorMessage, broker } = await this.#brokers.any((any) => any.call(FIND_COORDINATOR, group));
    expectAnswer('FindCoordinator', errorCode, errorMessage);
    if (!this.#brokers.knows(broker.id)) await this.#refresh();
    if (this.#known.size >= GROUPS_MAX) this.#known.clear();
    this.#known.set(group, broker.id);
    return broker.id;
  }
}
