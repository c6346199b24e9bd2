import { progressBar } from './progress-bar.ts';
import type { Terminal } from '../terminal.ts';

/** The progress line is written at most so often, in ms. */
const REFRESH_MS = 100;

/** Shows how far a phase is, with its rate. `total` undefined: not known yet. Returns what to call with the count so far. */
export function phaseProgress(terminal: Terminal, phase: string, total?: number): (done: number) => void {
  const startedAt = terminal.now();
  let shownAt = Number.NEGATIVE_INFINITY;
  return (done) => {
    const now = terminal.now();
    if (now - shownAt < REFRESH_MS && done !== total) return;
    shownAt = now;
    const seconds = (now - startedAt) / 1_000;
    const rate = seconds > 0 ? `, ${Math.round(done / seconds)}/s` : '';
    const count = total === undefined ? String(done) : progressBar(BigInt(done), BigInt(total));
    terminal.progress(`${phase} ${count}${rate}`);
  };
}
