import { stripVTControlCharacters } from 'node:util';
import type { AggregatedResult, Reporter, Test, TestResult } from '@jest/reporters';

/** What a run of jest tells the process that started it, over the IPC channel. */
export type Progress =
  | { kind: 'started'; file: string }
  | { kind: 'case' }
  | { kind: 'finished'; file: string; passed: number; failed: number; skipped: number; failures: Failure[] };

/** A test, or a whole file, that failed. */
export interface Failure {
  /** Describes and test, joined; the file's name where it could not be run at all. */
  readonly name: string;
  /** The beginning of what it said, without colours. */
  readonly text: string;
}

/** Enough for an assertion with its diff and the line it stands on; a summary shall stay one. */
const TEXT_MAX = 1_500;

/** Reports the progress of a run to the parent process, which ends a run that makes none. */
export default class ProgressReporter implements Pick<
  Reporter,
  'onTestFileStart' | 'onTestCaseResult' | 'onTestFileResult'
> {
  onTestFileStart(test: Test): void {
    this.#tell({ kind: 'started', file: test.path });
  }

  onTestCaseResult(): void {
    this.#tell({ kind: 'case' });
  }

  onTestFileResult(test: Test, result: TestResult, _run: AggregatedResult): void {
    this.#tell({
      kind: 'finished',
      file: test.path,
      passed: result.numPassingTests,
      // A file that could not be run at all counts as one failure.
      failed: result.numFailingTests + (result.testExecError === undefined || result.numFailingTests > 0 ? 0 : 1),
      skipped: result.numPendingTests,
      failures: failuresOf(result),
    });
  }

  #tell(progress: Progress): void {
    process.send?.(progress);
  }
}

function failuresOf({ testExecError, testFilePath, testResults }: TestResult): Failure[] {
  const tests = testResults.filter((test) => test.status === 'failed');
  if (tests.length === 0 && testExecError !== undefined) {
    return [{ name: testFilePath, text: textOf(testExecError.message) }];
  }
  return tests.map((test) => ({ name: test.fullName, text: textOf(test.failureMessages.join('\n')) }));
}

function textOf(message: string): string {
  return stripVTControlCharacters(message).slice(0, TEXT_MAX);
}
