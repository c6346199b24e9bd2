import type { SchemaLimits } from '#libs/formats/schema';
import type { Position } from '../ast/position.ts';
import { schemaInvalid, schemaTooComplex } from '../errors.ts';
import { Lexer } from './lexer.ts';
import { describeToken, type Token } from './token.ts';
import { literalBytes, utf8Text } from './string-literal.ts';

/** Names are looked up in every scope around them. */
const NAME_LENGTH_MAX = 1_024;
const INT32_MAX = 2_147_483_647n;

/** Counts the parts of a schema over all the files it consists of. */
export interface NodeCount {
  nodes: number;
}

/** The tokens of a text with one of look-ahead (two for `peekSecond`), the expectations of a parser, and its limits. */
export class TokenStream {
  readonly #lexer: Lexer;
  readonly #limits: SchemaLimits;
  #current: Token;
  #second: Token | undefined;
  #depth = 0;
  readonly #count: NodeCount;

  /** Throws SCHEMA_TOO_COMPLEX for a text over the limit of bytes. */
  constructor(text: string, limits: SchemaLimits, count: NodeCount) {
    if (Buffer.byteLength(text, 'utf8') > limits.textBytesMax) {
      throw schemaTooComplex(
        `The schema text is larger than ${limits.textBytesMax} bytes`,
        'textBytesMax',
        limits.textBytesMax,
      );
    }
    this.#lexer = new Lexer(text);
    this.#limits = limits;
    this.#count = count;
    this.#current = this.#lexer.next();
  }

  peek(): Token {
    return this.#current;
  }

  peekSecond(): Token {
    return (this.#second ??= this.#lexer.next());
  }

  next(): Token {
    const token = this.#current;
    this.#current = this.#second ?? this.#lexer.next();
    this.#second = undefined;
    return token;
  }

  /** Whether a symbol or a word comes next. */
  looksAt(text: string): boolean {
    return this.#current.text === text && (this.#current.kind === 'symbol' || this.#current.kind === 'identifier');
  }

  /** Takes a symbol or a word if it comes next. */
  take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): Token {
    if (!this.looksAt(text)) throw this.unexpected(`'${text}'`);
    return this.next();
  }

  unexpected(expected: string): Error {
    return schemaInvalid(`Expected ${expected}, found ${describeToken(this.#current)}`, this.at());
  }

  at(): Position {
    return { line: this.#current.line, column: this.#current.column };
  }

  identifier(what: string): string {
    if (this.#current.kind !== 'identifier') throw this.unexpected(what);
    return this.next().text;
  }

  /** `foo.bar`; `.foo.bar` where a leading dot is allowed. */
  dottedName(what: string, { leadingDot = false } = {}): string {
    let name = leadingDot && this.take('.') ? '.' : '';
    name += this.identifier(what);
    const at = this.at();
    while (this.take('.')) name += `.${this.identifier(what)}`;
    if (name.length > NAME_LENGTH_MAX) {
      const place = `line ${at.line}, column ${at.column}`;
      throw schemaTooComplex(
        `${place}: a name has more than ${NAME_LENGTH_MAX} characters`,
        'nameLengthMax',
        NAME_LENGTH_MAX,
      );
    }
    return name;
  }

  /** One string literal or several in a row, as bytes. */
  stringBytes(what: string): Buffer {
    if (this.#current.kind !== 'string') throw this.unexpected(what);
    const parts: Buffer[] = [];
    while (this.#current.kind === 'string') {
      const token = this.next();
      parts.push(literalBytes(token.text, token));
    }
    return Buffer.concat(parts);
  }

  /** The same as text. */
  string(what: string): string {
    const at = this.at();
    const text = utf8Text(this.stringBytes(what));
    if (text === undefined) throw schemaInvalid(`The bytes of ${what} are not UTF-8`, at);
    return text;
  }

  /** An integer of 32 bits, decimal, hexadecimal or octal; negative only where that is allowed. */
  int32(what: string, { signed = false } = {}): number {
    const at = this.at();
    const negative = signed && this.take('-');
    if (this.#current.kind !== 'integer') throw this.unexpected(what);
    const { text } = this.next();
    const octal = /^0[0-9]/.test(text);
    if (octal && !/^[0-7]+$/.test(text)) throw schemaInvalid(`'${text}' is not an octal number`, at);
    const magnitude = BigInt(octal ? `0o${text}` : text);
    if (magnitude > INT32_MAX + (negative ? 1n : 0n)) throw schemaInvalid(`${what} ${text} is beyond 32 bits`, at);
    return Number(negative ? -magnitude : magnitude);
  }

  /** Counts a part of the tree. Throws SCHEMA_TOO_COMPLEX when there are too many. */
  countNode(): void {
    if (++this.#count.nodes > this.#limits.nodesMax) {
      throw schemaTooComplex(
        `The schema has more than ${this.#limits.nodesMax} parts with all that it imports`,
        'nodesMax',
        this.#limits.nodesMax,
      );
    }
  }

  /** Runs a parser one level deeper. Throws SCHEMA_TOO_COMPLEX beyond the limit, so that recursion is bounded. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > this.#limits.depthMax) {
      const { line, column } = this.at();
      const place = `line ${line}, column ${column}`;
      throw schemaTooComplex(
        `${place}: more than ${this.#limits.depthMax} levels deep`,
        'depthMax',
        this.#limits.depthMax,
      );
    }
    const result = parse();
    this.#depth--;
    return result;
  }
}
