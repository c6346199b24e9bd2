import { systemSleep } from '#libs/foundation/lifecycle';

/** Creates topics over HTTP without end: a transaction of the relay is always open, or about to be. */
export class TopicMaker {
  /** Topics whose creation was answered with 201. */
  readonly made: string[] = [];
  /** What else was answered is among these. */
  readonly statuses = new Set<number>();
  #stopping = false;
  readonly #ended: Promise<void>;

  constructor(url: string) {
    this.#ended = this.#run(url);
  }

  /** Throws when the relay could not be reached. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#ended;
  }

  async #run(url: string): Promise<void> {
    for (let n = 0; !this.#stopping; n += 1) {
      const answer = await fetch(`${url}/v1/topics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `topic-${n}`, partitions: 1 }),
      });
      await answer.text();
      this.statuses.add(answer.status);
      if (answer.status === 201) this.made.push(`topic-${n}`);
      await systemSleep(20);
    }
  }
}
