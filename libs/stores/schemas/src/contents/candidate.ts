import { createHash } from 'node:crypto';
import {
  type Dependency,
  isSchemaType,
  SCHEMA_LIMITS,
  type SchemaReference,
  type SchemaType,
} from '#libs/formats/schema';
import { invalidSchema, schemaTooLarge } from '../refusals.ts';
import type { SchemaRequest } from '../registry.ts';
import type { ParsedSchema, SchemaFormats } from '../schema-formats.ts';
import { normalReferences } from './check-references.ts';
import { refuseInvalid } from './refuse-invalid.ts';

/** A schema that a client sent, read but not stored. */
export interface Candidate {
  readonly type: SchemaType;
  readonly parsed: ParsedSchema;
  /** Canonical, and in normal form when that was asked for. */
  readonly text: string;
  /** With concrete versions. */
  readonly references: readonly SchemaReference[];
  /** MD5 of the normal form: equal for schemas that clients may find by one another's texts. */
  readonly likeness: Buffer;
}

/** The format that a request names; AVRO when it names none. Throws 42201 for an unknown one. */
export function typeOf(request: SchemaRequest): SchemaType {
  const type = request.schemaType ?? 'AVRO';
  if (!isSchemaType(type)) throw invalidSchema(`Invalid schema type ${type}`);
  return type;
}

/** Whether the request leaves the text out, to take over that of the previous version. */
export function isTextless(request: SchemaRequest): boolean {
  return request.schema === null || request.schema === undefined || request.schema.trim() === '';
}

/** Throws 42209 for a text beyond the limit, 42201 for one that Postgres cannot store. */
export function checkText(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > SCHEMA_LIMITS.textBytesMax) {
    throw schemaTooLarge(`The schema has ${bytes} bytes; at most ${SCHEMA_LIMITS.textBytesMax} are allowed`);
  }
  if (text.includes('\0')) throw invalidSchema('The schema has a NUL character');
}

/** Reads a text with what it references. Throws 42201. */
export function readCandidate(
  formats: SchemaFormats,
  source: { type: SchemaType; text: string; references: readonly SchemaReference[]; normalize: boolean },
  dependencies: readonly Dependency[],
): Candidate {
  const { type } = source;
  const { format } = formats[type];
  return refuseInvalid(type, () => {
    const asSent = format.parse(source.text, dependencies, SCHEMA_LIMITS) as unknown;
    const normal = format.normalize(asSent) as unknown;
    const parsed = source.normalize ? normal : asSent;
    const text = format.canonicalText(parsed);
    checkText(text);
    return {
      type,
      parsed: parsed as ParsedSchema,
      text,
      references: source.normalize ? normalReferences(source.references) : source.references,
      likeness: createHash('md5').update(format.canonicalText(normal)).digest(),
    };
  });
}
