import type { SchemaReference } from '#libs/formats/schema';
import { invalidSchema, VERSION_MAX } from '../refusals.ts';
import type { RequestedReference } from '../registry.ts';

/** References of one schema. */
const REFERENCES_MAX = 1_000;

/** The references of a request with all their three parts. Throws 42201 naming what is missing. */
export function checkReferences(references: readonly RequestedReference[] | null | undefined): SchemaReference[] {
  const given = references ?? [];
  if (given.length > REFERENCES_MAX) throw invalidSchema(`A schema can have at most ${REFERENCES_MAX} references`);
  return given.map(({ name, subject, version }, index) => {
    if (typeof name !== 'string' || name === '' || typeof subject !== 'string' || typeof version !== 'number') {
      throw invalidSchema(`Reference ${index + 1} needs a name, a subject and a version`);
    }
    if (!Number.isInteger(version) || (version !== -1 && version < 1) || version > VERSION_MAX) {
      throw invalidSchema(`Reference "${name}" has the version ${version}: use a number from 1, or -1 for the latest`);
    }
    if (name.includes('\0') || subject.includes('\0'))
      throw invalidSchema(`Reference ${index + 1} has a NUL character`);
    return { name, subject, version };
  });
}

/** In Confluent's order and each once: what `normalize` does to references. */
export function normalReferences(references: readonly SchemaReference[]): SchemaReference[] {
  const distinct = new Map(references.map((reference) => [JSON.stringify(Object.values(reference)), reference]));
  return [...distinct.values()].sort(
    (a, b) => compare(a.subject, b.subject) || a.version - b.version || compare(a.name, b.name),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
