import type { CompatibilityLevel, Direction } from './compatibility-level.ts';
import type { Difference } from './difference.ts';

export const DIFFERENT_TYPE_MESSAGE = 'Incompatible because of different schema type';

/** UTF-16 units of an earlier schema that a message shows, as in Confluent's registry. */
const TEXT_MAX = 10 * 1_024;

/** A description with its parts named: `new` for the candidate, `old` for the earlier version. */
export function worded(description: string, direction: Direction): string {
  const [reader, writer] = direction === 'NEW_READS_OLD' ? ['new', 'old'] : ['old', 'new'];
  return description.replace(/\{(reader|writer)\}/g, (_, part) => (part === 'reader' ? reader : writer));
}

/** A difference as clients know it: Avro's with its additional information, the others in their form without. */
export function messageOf({ type, description, additionalInfo }: Difference, direction: Direction): string {
  const what = worded(description, direction);
  if (additionalInfo === undefined) return `{errorType:"${type}", description:"${what}"}`;
  return `{errorType:'${type}', description:"${what}", additionalInfo:'${additionalInfo}'}`;
}

export function earlierVersionMessages({ version, text }: { version: number; text: string }): string[] {
  const shown = text.length <= TEXT_MAX ? `'${text}'` : `<truncated> '${text.slice(0, TEXT_MAX)}...'`;
  return [`{oldSchemaVersion: ${version}}`, `{oldSchema: ${shown}}`];
}

/** Ours: Confluent's registry lists them all, however many. A list that is full may stand for more. */
export function notShownMessage(count: number, isFull: boolean): string {
  return `{differencesNotShown: ${count}${isFull ? ' or more' : ''}}`;
}

/** The last message of every list: what was asked for. */
export function levelMessage(level: CompatibilityLevel, validateFields: boolean): string {
  return `{validateFields: '${validateFields}', compatibility: '${level}'}`;
}
