import type { Position } from '../ast/position.ts';

/** A lexical element of a .proto file; comments and white space are not among them. */
export interface Token extends Position {
  readonly kind: 'identifier' | 'integer' | 'float' | 'string' | 'symbol' | 'end';
  /** As written; of a string with its quotes. */
  readonly text: string;
}

/** How errors name a token. */
export function describeToken(token: Token): string {
  return token.kind === 'end'
    ? 'the end of the text'
    : `'${token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text}'`;
}
