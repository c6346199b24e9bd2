import { SCHEMA_LIMITS } from '#libs/formats/schema';
import { schemaTooComplex } from '../errors.ts';

/** Lines with two spaces of indentation per level, bounded as a schema text is: deep indentation makes a text grow. */
export class TextOutput {
  readonly #lines: string[] = [];
  #length = 0;

  /** Adds a line; an empty one is indented like any other, as Confluent prints it. Throws SCHEMA_TOO_COMPLEX. */
  line(depth: number, text = ''): void {
    const line = '  '.repeat(depth) + text;
    this.#length += line.length + 1;
    if (this.#length > SCHEMA_LIMITS.textBytesMax) {
      throw schemaTooComplex(
        `The schema is larger than ${SCHEMA_LIMITS.textBytesMax} bytes when it is printed`,
        'textBytesMax',
        SCHEMA_LIMITS.textBytesMax,
      );
    }
    this.#lines.push(line);
  }

  /** All lines, each with its line feed. */
  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}

/** Prints one part of a block with everything in it. */
export type Section = (depth: number) => void;

/** A block in braces: sections apart by an empty line; one without sections on a single line. */
export function writeBlock(out: TextOutput, depth: number, header: string, sections: readonly Section[]): void {
  if (sections.length === 0) {
    out.line(depth, `${header} {}`);
    return;
  }
  out.line(depth, `${header} {`);
  writeBody(out, depth, sections);
}

/** What follows the opening brace of a block. */
export function writeBody(out: TextOutput, depth: number, sections: readonly Section[]): void {
  for (const [index, section] of sections.entries()) {
    if (index > 0) out.line(depth);
    section(depth + 1);
  }
  out.line(depth, '}');
}

/** A section that prints every item of a list; none for an empty list. */
export function sectionOf<T>(items: readonly T[], write: (item: T, depth: number) => void): Section[] {
  return items.length === 0 ? [] : [(depth) => items.forEach((item) => write(item, depth))];
}
