import { formatDuration } from '../input/duration.ts';
import type { HorizonHolderAnswer } from '../relay/answers.ts';
import { cut } from './cut.ts';
import { printable } from './printable.ts';

const QUERY_WIDTH = 100;

/** Who holds the horizon, since when, and how it is ended, in plain words: one or more lines. */
export function explainHolder(holder: HorizonHolderAnswer): string[] {
  const age = holder.ageMs === null ? 'for an unknown time' : `for ${formatDuration(holder.ageMs)}`;
  const held = `readers see nothing after position ${holder.fence} until it ends`;
  if (holder.preparedId !== null) {
    const id = printable(holder.preparedId);
    return [
      `prepared transaction '${id}' has been waiting ${age}; ${held}`,
      `  end it in its database: COMMIT PREPARED '${id}' or ROLLBACK PREPARED '${id}'`,
    ];
  }
  const who = [holder.applicationName, holder.clientAddress].filter((part) => part !== null && part !== '').join(', ');
  const doing =
    holder.state === 'idle in transaction'
      ? 'has written messages and does nothing now; its transaction has been open'
      : `is ${holder.state ?? 'at work'} in a transaction that has written messages and has been open`;
  const lines = [`process ${holder.pid}${who === '' ? '' : ` (${printable(who)})`} ${doing} ${age}; ${held}`];
  if (holder.query !== null) lines.push(`  its last statement: ${cut(printable(holder.query), QUERY_WIDTH)}`);
  lines.push(`  if it is stuck: commit or roll back there, or: select pg_terminate_backend(${holder.pid})`);
  return lines;
}
