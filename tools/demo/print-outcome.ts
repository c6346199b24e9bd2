import { type CheckResult, count } from './checks/check.ts';
import type { DemoOutcome } from './run-demo.ts';
import type { Screen } from './screen.ts';

/** What happened, for people. */
export function outcomeLines({ answers, orderingMs, catchUpMs, records }: DemoOutcome): string[] {
  const seconds = orderingMs / 1_000;
  const refusals = [...answers.refusals].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${count(times)}`);
  return [
    `  ${count(answers.ordersTried)} orders tried in ${seconds.toFixed(1)} s (${Math.round(answers.ordersTried / seconds)}/s): ${count(answers.orders.size)} confirmed`,
    `  now ${count(answers.count('shipped'))} shipped, ${count(answers.count('paid'))} paid, ${count(answers.count('placed'))} open, ${count(answers.count('cancelled'))} cancelled`,
    `  ${count(answers.refusedInAll)} requests refused and rolled back: ${refusals.join(', ')}`,
    `  ${count(answers.extrasLeftOut)} orders kept without their extras (rolled back to a savepoint), ${count(answers.deliveries)} deliveries`,
    `  ${count(records)} records in the topics; everything had reached the read model and the carriers ${Math.round(catchUpMs)} ms after the last answer`,
  ];
}

/** The checks with their figures, and what differs under those that failed. */
export function checkLines(checks: readonly CheckResult[], screen: Screen): string[] {
  const width = Math.max(...checks.map((check) => check.title.length));
  return checks.flatMap(({ title, passed, figures, differences, differencesInAll }) => {
    const verdict = passed ? screen.good('ok    ') : screen.bad('FAILED');
    // The figures are phrased as equations, which a failed check has just refuted.
    const line = `  ${verdict}  ${title.padEnd(width)}  ${passed ? screen.faint(figures) : ''}`.trimEnd();
    const more = differencesInAll - differences.length;
    const rest = more > 0 ? [`            … and ${count(more)} more`] : [];
    return [line, ...differences.map((difference) => `            ${difference}`), ...rest];
  });
}
