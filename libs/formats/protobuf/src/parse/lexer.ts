import { schemaInvalid } from '../errors.ts';
import type { Token } from './token.ts';

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const HEX = /0[xX][0-9A-Fa-f]+/y;
/** Also `.5`, `5.`, `1e3` and the suffix f that the text format knows. */
const DECIMAL = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?/y;
const DIGITS = /^[0-9]+$/;
const SYMBOLS = '{}[]()<>;,=.:-/';
/** What may follow a number: anything but the rest of a word, so that `1abc` is not two tokens. */
const WORD_CHARACTER = /[A-Za-z0-9_]/;

/** Reads a text token by token. Every step moves forward, so that a text is read in time linear in its length. */
export class Lexer {
  readonly #text: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
    // A byte order mark is no part of the text.
    if (text.charCodeAt(0) === 0xfeff) this.#offset = this.#lineStart = 1;
  }

  /** The next token; `end` from the end of the text on. Throws SCHEMA_INVALID for what no token starts with. */
  next(): Token {
    this.#skipBlank();
    const at = { line: this.#line, column: this.#offset - this.#lineStart + 1 };
    const character = this.#text[this.#offset];
    if (character === undefined) return { kind: 'end', text: '', ...at };
    if (character === '"' || character === "'") return { kind: 'string', text: this.#string(character), ...at };
    const word = this.#match(WORD);
    if (word !== undefined) return { kind: 'identifier', text: word, ...at };
    const number = this.#match(HEX) ?? this.#match(DECIMAL);
    if (number !== undefined) {
      if (WORD_CHARACTER.test(this.#text[this.#offset] ?? ''))
        throw schemaInvalid(`'${number}' is followed by a letter`, at);
      const integer = DIGITS.test(number) || number.startsWith('0x') || number.startsWith('0X');
      return { kind: integer ? 'integer' : 'float', text: number, ...at };
    }
    if (SYMBOLS.includes(character)) {
      this.#offset++;
      return { kind: 'symbol', text: character, ...at };
    }
    throw schemaInvalid(`Unexpected character ${JSON.stringify(character)}`, at);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#offset += match.length;
    return match;
  }

  #skipBlank(): void {
    for (;;) {
      const character = this.#text[this.#offset];
      if (character === '\n') {
        this.#offset++;
        this.#newLine();
      } else if (character !== undefined && ' \t\r\f\v'.includes(character)) this.#offset++;
      else if (character === '#' || (character === '/' && this.#text[this.#offset + 1] === '/')) this.#skipLine();
      else if (character === '/' && this.#text[this.#offset + 1] === '*') this.#skipBlock();
      else return;
    }
  }

  #newLine(): void {
    this.#line++;
    this.#lineStart = this.#offset;
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#offset);
    this.#offset = end === -1 ? this.#text.length : end;
  }

  #skipBlock(): void {
    const at = { line: this.#line, column: this.#offset - this.#lineStart + 1 };
    const end = this.#text.indexOf('*/', this.#offset + 2);
    if (end === -1) throw schemaInvalid('The comment has no end', at);
    for (let next = this.#text.indexOf('\n', this.#offset); next !== -1 && next < end;) {
      this.#offset = next + 1;
      this.#newLine();
      next = this.#text.indexOf('\n', this.#offset);
    }
    this.#offset = end + 2;
  }

  #string(quote: string): string {
    const start = this.#offset;
    for (let offset = start + 1; offset < this.#text.length; offset++) {
      const character = this.#text[offset];
      if (character === '\n') break;
      if (character === '\\' && this.#text[offset + 1] !== '\n') offset++;
      else if (character === quote) {
        this.#offset = offset + 1;
        return this.#text.slice(start, this.#offset);
      }
    }
    throw schemaInvalid('The string has no end', { line: this.#line, column: start - this.#lineStart + 1 });
  }
}
