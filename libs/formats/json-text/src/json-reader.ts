import { TidemarkError } from '#libs/foundation/kernel';
import { SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import type { JsonMember, JsonNode } from './json-node.ts';

const SPACE = /[ \t\n\r]*/y;
// Everything from the space on but quote and backslash.
const PLAIN = /[ !#-[\]-\uffff]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z0-9_$+.-]+/y;
const HEX = /[0-9A-Fa-f]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const LITERALS: Readonly<Record<string, JsonNode>> = {
  null: { kind: 'null' },
  true: { kind: 'boolean', value: true },
  false: { kind: 'boolean', value: false },
};
/** What Jackson reads, too: longer numbers cost quadratic time to compute with. */
const NUMBER_LENGTH_MAX = 1_000;
/** A Java BigDecimal has a 32-bit exponent. */
const EXPONENT_MAX = 2_147_483_647;
const DEPTH_MAX = 1_000;

/** A recursive descent over the text, bounded in depth and nodes. Regular expressions are sticky and never backtrack far. */
export class JsonReader {
  readonly #text: string;
  readonly #depthMax: number;
  readonly #nodesMax: number;
  #at = 0;
  #nodes = 0;

  constructor(text: string, limits: Partial<SchemaLimits>) {
    const { textBytesMax, depthMax, nodesMax } = { ...SCHEMA_LIMITS, ...limits };
    if (text.length > textBytesMax || Buffer.byteLength(text) > textBytesMax) {
      throw tooComplex(`The JSON text is larger than ${textBytesMax} bytes.`);
    }
    this.#text = text;
    this.#depthMax = Math.min(depthMax, DEPTH_MAX);
    this.#nodesMax = nodesMax;
  }

  document(): JsonNode {
    const node = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the text after the value');
    return node;
  }

  #value(depth: number): JsonNode {
    this.#skipSpace();
    if (depth > this.#depthMax) {
      throw tooComplex(`The JSON text nests deeper than ${this.#depthMax} levels ${this.#where(this.#at)}.`);
    }
    this.#nodes += 1;
    if (this.#nodes > this.#nodesMax) throw tooComplex(`The JSON text has more than ${this.#nodesMax} values.`);
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return { kind: 'string', value: this.#string() };
    if (first === '-' || (first !== undefined && first >= '0' && first <= '9')) return this.#number();
    return this.#literal();
  }

  #object(depth: number): JsonNode {
    const members: JsonMember[] = [];
    const places = new Map<string, number>();
    this.#at += 1;
    this.#skipSpace();
    if (this.#take('}')) return { kind: 'object', members };
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a member name in double quotes');
      const name = this.#string();
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected(`a colon after the name "${clip(name)}"`);
      const member = { name, value: this.#value(depth + 1) };
      const place = places.get(name);
      if (place !== undefined) members[place] = member;
      else places.set(name, members.push(member) - 1);
      this.#skipSpace();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#unexpected("',' or '}' after a member");
    return { kind: 'object', members };
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(']')) return { kind: 'array', items };
    do {
      items.push(this.#value(depth + 1));
      this.#skipSpace();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected("',' or ']' after an item");
    return { kind: 'array', items };
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    let value = this.#match(PLAIN);
    for (;;) {
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at += 1;
        return value;
      }
      if (next === undefined) throw this.#invalid('A string is not closed', start);
      if (next !== '\\') throw this.#unexpected('an escape such as \\n in place of a control character');
      value += this.#escape() + this.#match(PLAIN);
    }
  }

  #escape(): string {
    const start = this.#at;
    const letter = this.#text[start + 1];
    this.#at += 2;
    if (letter === 'u') {
      const digits = this.#match(HEX);
      if (digits !== '') return String.fromCharCode(Number.parseInt(digits, 16));
      throw this.#invalid('Four hexadecimal digits have to follow \\u', start);
    }
    const escaped = letter === undefined ? undefined : ESCAPES[letter];
    if (escaped === undefined) throw this.#invalid(`There is no escape \\${letter ?? ''}`, start);
    return escaped;
  }

  #number(): JsonNode {
    const start = this.#at;
    const text = this.#match(NUMBER);
    const rest = this.#match(WORD);
    if (text === '' || rest !== '') throw this.#invalid(`"${clip(text + rest)}" is not a JSON number`, start);
    const exponent = /[eE]/.test(text) ? Number(text.slice(text.search(/[eE]/) + 1)) : 0;
    if (text.length > NUMBER_LENGTH_MAX || Math.abs(exponent) > EXPONENT_MAX - NUMBER_LENGTH_MAX) {
      throw this.#invalid(`The number ${clip(text)} is too long or its exponent too large`, start);
    }
    return { kind: 'number', text };
  }

  #literal(): JsonNode {
    const start = this.#at;
    const word = this.#match(WORD);
    if (Object.hasOwn(LITERALS, word)) return LITERALS[word]!;
    this.#at = start;
    throw this.#unexpected('a value (string, number, object, array, true, false or null)');
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #unexpected(wanted: string): TidemarkError {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) return this.#invalid(`The text ends where ${wanted} was expected`, this.#at);
    const shown = code < 32 ? `the control character ${code}` : `'${String.fromCodePoint(code)}'`;
    return this.#invalid(`Found ${shown} where ${wanted} was expected`, this.#at);
  }

  #invalid(what: string, at: number): TidemarkError {
    return new TidemarkError('SCHEMA_INVALID', `${what} ${this.#where(at)}.`);
  }

  #where(at: number): string {
    const before = this.#text.slice(0, at);
    const lines = before.split('\n').length;
    return `at line ${lines}, column ${at - before.lastIndexOf('\n')}`;
  }
}

function tooComplex(message: string): TidemarkError {
  return new TidemarkError('SCHEMA_TOO_COMPLEX', message);
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
