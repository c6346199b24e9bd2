import type { AggregatedResult, Reporter, Test, TestResult } from '@jest/reporters';

/** What a run of jest tells the process that started it, over the IPC channel. */
export type Progress =
  | { kind: 'started'; file: string }
  | { kind: 'case' }
  | { kind: 'finished'; file: string; passed: number; failed: number; skipped: number };

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
    });
  }

  #tell(progress: Progress): void {
    process.send?.(progress);
  }
}
