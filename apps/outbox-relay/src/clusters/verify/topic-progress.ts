/** How many topics are done, while partitions of several are under way. */
export class TopicProgress {
  readonly #left = new Map<string, number>();
  #done = 0;

  /** Topics of which all partitions are done. */
  get done(): number {
    return this.#done;
  }

  began(topic: string, partitions: number): void {
    if (partitions === 0) this.#done += 1;
    else this.#left.set(topic, partitions);
  }

  partitionDone(topic: string): void {
    const left = this.#left.get(topic)! - 1;
    this.#left.set(topic, left);
    if (left === 0) this.#done += 1;
  }
}
