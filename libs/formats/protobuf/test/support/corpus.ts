import { readFileSync } from 'node:fs';
import type { Dependency } from '#libs/formats/schema';

/** The .proto files of the corpus, by the names that they and their goldens have. */
export const CORPUS = ['custom-options', 'no-syntax', 'proto2-everything', 'proto3-order'] as const;

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** What the files of the corpus import. */
export const CORPUS_IMPORTS: readonly Dependency[] = [
  'shop/address.proto',
  'shop/customer.proto',
  'opts/definitions.proto',
].map((name) => ({ name, text: read(`corpus/imports/${name}`) }));

export function corpusText(name: string): string {
  return read(`corpus/${name}.proto`);
}

/** The expected canonical and normal texts, and the descriptors that protoc 3.21.12 made of both, in base64. */
export function goldenOf(name: string): {
  canonical: string;
  normal: string;
  ofCanonicalText: string;
  ofNormalText: string;
} {
  const descriptors = JSON.parse(read(`golden/${name}.descriptor.json`)) as {
    ofCanonicalText: string;
    ofNormalText: string;
  };
  return { canonical: read(`golden/${name}.canonical.txt`), normal: read(`golden/${name}.normal.txt`), ...descriptors };
}
