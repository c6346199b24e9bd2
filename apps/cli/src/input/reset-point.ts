import { InvalidArgumentError } from 'commander';
import { parseMoment } from './moment.ts';
import { parseOffset } from './numbers.ts';

/** Where a group shall read from, as the API takes it. */
export type ResetPoint =
  | { readonly to: 'earliest' | 'latest' }
  | { readonly to: 'offset'; readonly offset: string }
  | { readonly to: 'time'; readonly time: string };

/** `earliest`, `latest`, an offset, or a time as `parseMoment` reads it. */
export function parseResetPoint(text: string, nowMs: number): ResetPoint {
  if (text === 'earliest' || text === 'latest') return { to: text };
  if (/^\d+$/.test(text)) return { to: 'offset', offset: parseOffset(text) };
  try {
    return { to: 'time', time: parseMoment(text, nowMs).toISOString() };
  } catch {
    throw new InvalidArgumentError('expected earliest, latest, an offset, or a time such as 2h or 2026-05-01T12:00Z');
  }
}
