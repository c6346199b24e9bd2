import type { FindingAnswer } from '../relay/cluster-answers.ts';
import { findingText, runText } from './verify-text.ts';

/**
 * Findings as lines, those that follow one another for the same reason on one line: a lost end is one thing, however many
 * records it had.
 */
export class FindingRuns {
  #first: FindingAnswer | undefined;
  #last: FindingAnswer | undefined;

  /** Takes the next finding; answers the line of the run that it ends, if it ends one. */
  push(finding: FindingAnswer): string | undefined {
    if (this.#last !== undefined && follows(this.#last, finding)) {
      this.#last = finding;
      return undefined;
    }
    const line = this.end();
    this.#first = finding;
    this.#last = finding;
    return line;
  }

  /** The line of the run that was not ended yet. */
  end(): string | undefined {
    const [first, last] = [this.#first, this.#last];
    this.#first = undefined;
    this.#last = undefined;
    if (first === undefined || last === undefined) return undefined;
    return first === last ? findingText(first) : runText(first, last);
  }
}

function follows(last: FindingAnswer, next: FindingAnswer): boolean {
  return (
    next.kind === last.kind &&
    next.topic === last.topic &&
    next.partition === last.partition &&
    next.detail === last.detail &&
    BigInt(next.clusterOffset) === BigInt(last.clusterOffset) + 1n
  );
}
