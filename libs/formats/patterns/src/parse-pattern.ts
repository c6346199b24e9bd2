export type PatternNode =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'first' | 'last' }
  | { readonly kind: 'sequence' | 'either'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number };

type Accepts = (code: number) => boolean;

const DEPTH_MAX = 50;
/** Ranges and classes within one pair of brackets: each is asked for every character. */
const RANGES_MAX = 50;
const isDigit: Accepts = (code) => code >= 48 && code <= 57;
const isWord: Accepts = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Accepts = (code) => /\s/.test(String.fromCodePoint(code));
const isLineEnd: Accepts = (code) => code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
const not =
  (accepts: Accepts): Accepts =>
  (code) =>
    !accepts(code);
const CLASSES: Readonly<Record<string, Accepts>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/**
 * Reads the part of regular expressions that JavaScript and Java understand alike and that needs no look-around or memory.
 * Returns undefined for all else, and for what is no pattern at all.
 */
export function parsePattern(pattern: string): PatternNode | undefined {
  try {
    const reader = new PatternReader(pattern);
    return reader.whole();
  } catch (error) {
    if (error === UNSUPPORTED) return undefined;
    throw error;
  }
}

const UNSUPPORTED = new Error('Beyond what is matched without backtracking.');

class PatternReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PatternNode {
    const node = this.#alternatives();
    if (this.#at < this.#text.length) throw UNSUPPORTED;
    return node;
  }

  #alternatives(): PatternNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw UNSUPPORTED;
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    this.#depth -= 1;
    return nodes.length === 1 ? nodes[0]! : { kind: 'either', nodes };
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) nodes.push(this.#quantified());
    return { kind: 'sequence', nodes };
  }

  #quantified(): PatternNode {
    const node = this.#atom();
    const found = /^(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (found === null) return node;
    if (node.kind === 'first' || node.kind === 'last') throw UNSUPPORTED;
    this.#at += found[0].length;
    this.#take('?');
    if ('*+?{'.includes(this.#text[this.#at] ?? ' ')) throw UNSUPPORTED;
    const [, least, range, most] = found;
    if (least === undefined) {
      return { kind: 'repeat', node, min: found[0] === '+' ? 1 : 0, max: found[0] === '?' ? 1 : Infinity };
    }
    const min = Number(least);
    const max = range === undefined ? min : most === '' || most === undefined ? Infinity : Number(most);
    if (max < min) throw UNSUPPORTED;
    return { kind: 'repeat', node, min, max };
  }

  #atom(): PatternNode {
    const character = this.#next();
    if (character === '^') return { kind: 'first' };
    if (character === '$') return { kind: 'last' };
    if (character === '.') return { kind: 'character', accepts: not(isLineEnd) };
    if (character === '(') return this.#group();
    if (character === '[') return { kind: 'character', accepts: this.#set() };
    if (character === '\\') return { kind: 'character', accepts: this.#escape() };
    if ('*+?{}])'.includes(character)) throw UNSUPPORTED;
    return { kind: 'character', accepts: one(character.codePointAt(0)!) };
  }

  #group(): PatternNode {
    if (this.#take('?')) {
      const opening = /^(?::|<[A-Za-z_]\w*>)/.exec(this.#text.slice(this.#at));
      if (opening === null) throw UNSUPPORTED;
      this.#at += opening[0].length;
    }
    const node = this.#alternatives();
    if (!this.#take(')')) throw UNSUPPORTED;
    return node;
  }

  #set(): Accepts {
    const isNegated = this.#take('^');
    const singles = new Set<number>();
    const parts: Accepts[] = [(code) => singles.has(code)];
    while (!this.#take(']')) {
      const from = this.#setItem();
      const isRange = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
      if (typeof from !== 'number' || !isRange) {
        if (typeof from === 'number') singles.add(from);
        else parts.push(from);
        continue;
      }
      this.#at += 1;
      const to = this.#setItem();
      if (typeof to !== 'number' || to < from) throw UNSUPPORTED;
      parts.push((code) => code >= from && code <= to);
    }
    if (parts.length > RANGES_MAX) throw UNSUPPORTED;
    const accepts: Accepts = (code) => parts.some((part) => part(code));
    return isNegated ? not(accepts) : accepts;
  }

  #setItem(): number | Accepts {
    const character = this.#next();
    // Java reads a bracket or && within brackets as set arithmetic.
    if (character === '[' || (character === '&' && this.#text[this.#at] === '&')) throw UNSUPPORTED;
    if (character !== '\\') return character.codePointAt(0)!;
    const escaped = this.#next();
    return CLASSES[escaped] ?? this.#code(escaped);
  }

  #escape(): Accepts {
    const escaped = this.#next();
    return CLASSES[escaped] ?? one(this.#code(escaped));
  }

  #code(escaped: string): number {
    const control = CONTROLS[escaped];
    if (control !== undefined) return control;
    const length = escaped === 'x' ? 2 : escaped === 'u' ? 4 : 0;
    if (length > 0) {
      const digits = this.#text.slice(this.#at, this.#at + length);
      if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length < length) throw UNSUPPORTED;
      this.#at += length;
      const code = Number.parseInt(digits, 16);
      // Half a character: texts are read by whole ones.
      if (code >= 0xd800 && code <= 0xdfff) throw UNSUPPORTED;
      return code;
    }
    // Letters and digits stand for boundaries, properties and back references.
    if (/[A-Za-z0-9]/.test(escaped)) throw UNSUPPORTED;
    return escaped.codePointAt(0)!;
  }

  #next(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw UNSUPPORTED;
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}

function one(wanted: number): Accepts {
  return (code) => code === wanted;
}
