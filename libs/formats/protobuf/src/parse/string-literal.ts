import type { Position } from '../ast/position.ts';
import { schemaInvalid } from '../errors.ts';

const ESCAPE = /\\(?:([abfnrtv\\'"?])|[xX]([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/suy;
const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/**
 * The bytes that a string literal with its quotes stands for: its text in UTF-8, hexadecimal and octal escapes as they are. An
 * unknown escape stands for the character itself, as registries have always taken it (`\\d` in patterns); protoc refuses it.
 */
export function literalBytes(literal: string, at: Position): Buffer {
  const body = literal.slice(1, -1);
  if (!body.includes('\\')) return Buffer.from(body, 'utf8');
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset < body.length) {
    const backslash = body.indexOf('\\', offset);
    const end = backslash === -1 ? body.length : backslash;
    parts.push(Buffer.from(body.slice(offset, end), 'utf8'));
    if (backslash === -1) break;
    ESCAPE.lastIndex = backslash;
    const match = ESCAPE.exec(body);
    if (match === null) throw schemaInvalid('A string ends with a backslash', at);
    parts.push(escapeBytes(match, at));
    offset = ESCAPE.lastIndex;
  }
  return Buffer.concat(parts);
}

function escapeBytes([escape, simple, hex, octal, short, long, other]: RegExpExecArray, at: Position): Buffer {
  if (simple !== undefined) return Buffer.from(SIMPLE[simple] as string, 'utf8');
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8) & 0xff);
  if (other !== undefined) return Buffer.from(other, 'utf8');
  const code = Number.parseInt((short ?? long) as string, 16);
  if (code > 0x10ffff) throw schemaInvalid(`${escape} is not a character`, at);
  return Buffer.from(String.fromCodePoint(code), 'utf8');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text, or undefined when they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
