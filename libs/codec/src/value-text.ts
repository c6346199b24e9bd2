import type { ValuePath } from './payload-mismatch.ts';

/** Characters of a value that an error shows. */
const SHOWN = 60;
/** Members that hold what no log should. */
const SECRET =
  /pass(word|phrase|wd|code)?$|secret|token|credential|api_?key|authori[sz]ation|ssn|iban|card_?(number|no)|cvv|cvc|\bpin\b/i;

/**
 * A value for an error message: scalars shortened, objects and lists only by their kind and size, and nothing of a member
 * whose name says that it is secret.
 */
export function valueText(path: ValuePath, value: unknown): string {
  if (path.some((part) => typeof part === 'string' && SECRET.test(part))) return `a ${typeof value} that is not shown`;
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : kindText(value);
    default:
      return String(value);
  }
}

function kindText(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const name = Object.getPrototypeOf(value)?.constructor?.name as string | undefined;
  if (name !== undefined && name !== 'Object') return `a ${name}`;
  return `an object with ${Object.keys(value).length} members`;
}
