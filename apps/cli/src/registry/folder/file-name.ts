import { createHash } from 'node:crypto';

/** UTF-8 bytes; with an extension it stays below the 255 that file systems allow. */
const LENGTH_MAX = 180;
const CUT_TO = 120;
/** Names that mean something else in the folder. */
const RESERVED = new Set(['registry', 'contexts']);

/**
 * The name of a subject as a file name without extension. What is not a letter, digit, dot, dash or underscore is
 * percent-encoded, so that `subjectOf` reads the name back. Where that cannot be (too long, empty, or `taken` by another one
 * on file systems that do not tell case apart) the name has a `~` and a hash, and the sidecar has to say the subject.
 */
export function fileNameOf(subject: string, taken: ReadonlySet<string> = new Set()): string {
  const encoded = encode(subject);
  if (encoded !== '' && encoded.length <= LENGTH_MAX && !taken.has(encoded.toLowerCase())) return encoded;
  const hash = createHash('sha256').update(subject).digest('hex').slice(0, 12);
  return `${encoded.slice(0, CUT_TO).replace(/%[0-9A-F]?$/, '')}~${hash}`;
}

/** The subject that a file name means; undefined when only a sidecar can say it. */
export function subjectOf(fileName: string): string | undefined {
  if (fileName.includes('~')) return undefined;
  try {
    return decodeURIComponent(fileName);
  } catch {
    return undefined;
  }
}

function encode(subject: string): string {
  const encoded = [...Buffer.from(subject, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
  // Hidden files are left alone, and `x.subject.json` is the sidecar of x.
  const visible = encoded.replace(/^\./, '%2E').replace(/\.subject$/i, (end) => `%2E${end.slice(1)}`);
  return RESERVED.has(visible.toLowerCase())
    ? `%${visible.charCodeAt(0).toString(16).toUpperCase()}${visible.slice(1)}`
    : visible;
}
