import { InvalidArgumentError } from 'commander';

const UNITS: readonly (readonly [unit: string, ms: bigint])[] = [
  ['w', 604_800_000n],
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
];
const MS_MAX = 2n ** 63n - 1n;

/** Milliseconds of `7d`, `1h30m`, `250ms`: whole numbers with w, d, h, m, s or ms, largest unit first or not. */
export function parseDuration(text: string): bigint {
  const parts = [...text.matchAll(/(\d{1,18})(ms|[wdhms])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text)
    throw new InvalidArgumentError('expected a duration such as 30s, 2h, 1h30m or 7d');
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + BigInt(count!) * UNITS.find(([name]) => name === unit)![1],
    0n,
  );
  if (total > MS_MAX) throw new InvalidArgumentError('the duration is too long');
  return total;
}

/** The two largest units of a duration, as people say it: 7d, 1h 30m, 250ms. */
export function formatDuration(milliseconds: bigint | number): string {
  let rest = typeof milliseconds === 'bigint' ? milliseconds : BigInt(Math.max(0, Math.round(milliseconds)));
  if (rest === 0n) return '0s';
  const parts: string[] = [];
  for (const [unit, ms] of UNITS) {
    if (parts.length > 0 && unit === 'ms') break;
    const count = rest / ms;
    rest %= ms;
    if (count > 0n) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** How long to keep messages, in ms. */
export function parseRetention(text: string): bigint | 'forever' {
  if (text === 'forever') return text;
  const duration = parseDuration(text);
  if (duration === 0n) throw new InvalidArgumentError('expected more than zero, or forever');
  return duration;
}
