import type { FindingAnswer } from '../relay/cluster-answers.ts';
import { findingText, runText } from './verify-text.ts';

interface Run {
  readonly first: FindingAnswer;
  last: FindingAnswer;
}

/**
 * Findings as lines, those of a partition that follow one another for the same reason on one line: a lost end is one thing,
 * however many records it had. Findings of several partitions come in between one another.
 */
export class FindingRuns {
  /** By partition; those that were not ended yet. */
  readonly #runs = new Map<string, Run>();

  /** Takes the next finding; answers the line of the run that it ends, if it ends one. */
  push(finding: FindingAnswer): string | undefined {
    const place = `${finding.topic}-${finding.partition}`;
    const run = this.#runs.get(place);
    if (run !== undefined && follows(run.last, finding)) {
      run.last = finding;
      return undefined;
    }
    this.#runs.set(place, { first: finding, last: finding });
    return run && lineOf(run);
  }

  /** The lines of the runs that were not ended yet. */
  end(): string | undefined {
    const lines = [...this.#runs.values()].map(lineOf);
    this.#runs.clear();
    return lines.length === 0 ? undefined : lines.join('\n');
  }
}

function lineOf({ first, last }: Run): string {
  return first === last ? findingText(first) : runText(first, last);
}

function follows(last: FindingAnswer, next: FindingAnswer): boolean {
  return (
    next.kind === last.kind &&
    next.detail === last.detail &&
    BigInt(next.clusterOffset) === BigInt(last.clusterOffset) + 1n
  );
}
