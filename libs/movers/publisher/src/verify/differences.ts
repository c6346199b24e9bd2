import type { KafkaRecord } from '#libs/foundation/kafka';

/**
 * The parts in which two records differ: `key`, `value`, `header <name>`; empty when they are the same. Timestamps are left
 * aside: a topic may have the broker's own.
 */
export function differences(expected: KafkaRecord, found: KafkaRecord): string[] {
  const parts: string[] = [];
  if (!sameBytes(expected.key, found.key)) parts.push(`key (${sizes(expected.key, found.key)})`);
  if (!sameBytes(expected.value, found.value)) parts.push(`value (${sizes(expected.value, found.value)})`);
  const headers = Math.max(expected.headers.length, found.headers.length);
  for (let index = 0; index < headers; index += 1) {
    const [wanted, got] = [expected.headers[index], found.headers[index]];
    if (wanted !== undefined && got !== undefined && wanted[0] === got[0] && sameBytes(wanted[1], got[1])) continue;
    parts.push(`header ${(wanted ?? got)![0]}`);
  }
  return parts;
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.equals(b);
}

function sizes(expected: Buffer | null, found: Buffer | null): string {
  const size = (bytes: Buffer | null): string => (bytes === null ? 'null' : `${bytes.length} bytes`);
  return `expected ${size(expected)}, found ${size(found)}`;
}
