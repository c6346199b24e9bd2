import { createHash } from 'node:crypto';
import type { Queryable } from '#libs/foundation/postgres';
import type { SchemaReference, SchemaType } from '#libs/formats/schema';
import { ByteBoundedCache } from '#libs/foundation/caching';
import type { ParsedSchema, SchemaFormats } from '../schema-formats.ts';
import { type StoredSchema, type StoredVersion, weightOf } from '../stored-schema.ts';
import { findVersion } from '../postgres/find-version.sql.ts';
import { type Candidate, readCandidate } from './candidate.ts';
import { CLOSURE_LIMITS, type ClosureLimits, referenceClosure } from './reference-closure.ts';

/** A parsed schema takes about this many bytes per character of it and all that it references. */
const PARSED_BYTES_PER_CHARACTER = 30;

/**
 * Schemas in parsed form, stored ones and those that clients sent, kept within a bound of bytes. What a place holds never
 * changes while it is there, so only deletions make `forget` necessary.
 */
export class SchemaLibrary {
  readonly formats: SchemaFormats;
  readonly #limits: ClosureLimits;
  readonly #versions: ByteBoundedCache<StoredVersion>;
  readonly #parsed: ByteBoundedCache<ParsedSchema>;
  readonly #candidates: ByteBoundedCache<Candidate>;
  #generation = 0;

  constructor(formats: SchemaFormats, options: { bytesMax: number; limits?: Partial<ClosureLimits> }) {
    this.formats = formats;
    this.#limits = { ...CLOSURE_LIMITS, ...options.limits };
    this.#versions = new ByteBoundedCache(options.bytesMax / 4);
    this.#parsed = new ByteBoundedCache(options.bytesMax / 2);
    this.#candidates = new ByteBoundedCache(options.bytesMax / 4);
  }

  /** A library that keeps nothing, for a transaction that may yet be rolled back. */
  forTransaction(): SchemaLibrary {
    return new SchemaLibrary(this.formats, { bytesMax: 0, limits: this.#limits });
  }

  forget(): void {
    this.#generation++;
    this.#versions.clear();
    this.#parsed.clear();
    this.#candidates.clear();
  }

  /** The parsed form of a stored schema, with its references, deleted or not. Validity was decided when it was registered. */
  async parsed(db: Queryable, schema: StoredSchema): Promise<ParsedSchema> {
    const key = `${schema.contextId}/${schema.id}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const generation = this.#generation;
    const dependencies = await this.#closure(db, schema.references, schema.context);
    const { format } = this.formats[schema.type];
    const parsed = format.parse(schema.text, dependencies) as ParsedSchema;
    const characters = dependencies.reduce((sum, each) => sum + each.text.length, schema.text.length);
    if (generation === this.#generation) this.#parsed.set(key, parsed, 500 + characters * PARSED_BYTES_PER_CHARACTER);
    return parsed;
  }

  /** Reads what a client sent, referring to versions that are concrete already. Throws 42201. */
  async candidate(
    db: Queryable,
    context: string,
    source: { type: SchemaType; text: string; references: readonly SchemaReference[]; normalize: boolean },
  ): Promise<Candidate> {
    const key = createHash('sha256')
      .update(JSON.stringify([context, source]))
      .digest('base64');
    const known = this.#candidates.get(key);
    if (known !== undefined) return known;
    const generation = this.#generation;
    const dependencies = await this.#closure(db, source.references, context);
    const candidate = readCandidate(this.formats, source, dependencies);
    const characters = dependencies.reduce((sum, each) => sum + each.text.length, source.text.length);
    if (generation === this.#generation) {
      this.#candidates.set(key, candidate, 500 + characters * PARSED_BYTES_PER_CHARACTER);
    }
    return candidate;
  }

  /** The text of a stored schema in a named format; canonical for '' and for names that the format does not know. */
  async textIn(db: Queryable, schema: StoredSchema, format: string): Promise<string> {
    if (format === '') return schema.text;
    return this.formats[schema.type].format.formattedText(await this.parsed(db, schema), format);
  }

  #closure(db: Queryable, references: readonly SchemaReference[], context: string) {
    const find = async (context: string, subject: string, version: number): Promise<StoredVersion | undefined> => {
      const key = `${context}:${subject}:${version}`;
      const known = this.#versions.get(key);
      if (known !== undefined) return known;
      const generation = this.#generation;
      const found = await findVersion(db, context, subject, version);
      if (found !== undefined && generation === this.#generation) this.#versions.set(key, found, weightOf(found));
      return found;
    };
    return referenceClosure(references, context, find, this.#limits);
  }
}
