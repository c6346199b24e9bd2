import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchServer } from './bench-server.ts';
import type { Finding } from './finding.ts';

const HEADINGS = ['row', 'what', 'measured', 'floor', 'ratio (min–max)', 'target', ''];

/** The findings as a table for a terminal. */
export function table(findings: readonly Finding[]): string {
  const rows = [HEADINGS, ...findings.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

function cells(finding: Finding): string[] {
  const { ratio } = finding;
  const shown =
    ratio === undefined ? '' : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`;
  const verdict = finding.met === undefined ? '' : finding.met ? 'ok' : 'MISSED';
  return [finding.row, finding.what, finding.measured, finding.floor, shown, finding.target, verdict];
}

/** What the numbers depend on besides the code. */
export function conditions(server: BenchServer): Record<string, unknown> {
  return {
    node: process.version,
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    postgres: server.version,
    settings: server.settings,
  };
}

/** Writes the findings to `<folder>/<suite>-<time>.json` and returns the path. */
export async function writeReport(
  folder: string,
  suite: string,
  report: { startedAt: Date; conditions: Record<string, unknown>; options: unknown; findings: readonly Finding[] },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${suite}-${report.startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  await writeFile(path, `${JSON.stringify({ suite, ...report }, null, 2)}\n`);
  return path;
}
