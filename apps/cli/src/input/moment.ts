import { InvalidArgumentError } from 'commander';
import { parseDuration } from './duration.ts';

const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A point in time: `2h` is two hours before now, else a date or a date with a time. Without a zone it is in the zone of
 * this machine.
 */
export function parseMoment(text: string, nowMs: number): Date {
  if (TIME.test(text)) {
    // A date alone is midnight in UTC for JavaScript, unlike a date with a time.
    const time = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
    if (!Number.isNaN(time.getTime())) return time;
  } else if (/^\d+[a-z]/.test(text)) {
    const time = new Date(nowMs - Number(parseDuration(text)));
    if (!Number.isNaN(time.getTime())) return time;
  }
  throw new InvalidArgumentError('expected how long ago, such as 2h or 7d, or a time such as 2026-05-01T12:00Z');
}
