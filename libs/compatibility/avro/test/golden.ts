import { readFileSync } from 'node:fs';

/** Two schemas of ours and what `SchemaCompatibility` of Avro 1.12.1 for Java says of them. */
export interface GoldenPair {
  readonly name: string;
  readonly reader: string;
  readonly writer: string;
  /** Type, place and message of each incompatibility, in Java's order; empty when compatible. */
  readonly differences: readonly string[];
  /** Java throws because a field of the reader matches several of the writer. */
  readonly ambiguous?: true;
}

const FILE = new URL('compatibility.golden.json', import.meta.url);
export const GOLDEN = JSON.parse(readFileSync(FILE, 'utf8')) as readonly GoldenPair[];
