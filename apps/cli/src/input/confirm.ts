import { Interrupted, usageError } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';

/** Goes on only when the person says yes. Throws a usage error when nobody can be asked, and Interrupted for a no. */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  const answer = await terminal.ask(`${question} [y/N] `);
  if (answer === undefined) throw usageError(`${question} Nobody can be asked here`, 'Add --yes to go on.');
  if (!/^y(es)?$/i.test(answer.trim())) throw new Interrupted('nothing was changed');
}
