import { ByteBoundedCache } from '#libs/foundation/caching';
import type { SchemaSource } from '../schema-source.ts';
import type { StoredSchema, SubjectSchema } from '../stored-schema.ts';
import type { RecordPart } from '../wire/frame.ts';

export interface SchemaCacheOptions {
  /** Bytes of schemas kept, texts and what was compiled of them, roughly; default 64 MiB. */
  readonly bytesMax?: number;
  /** How long the latest version of a subject, and the subject of a topic, may be out of date, in ms; default 5,000. */
  readonly freshMs?: number;
  /** Milliseconds that never go back; default performance.now. */
  readonly now?: () => number;
}

interface Fresh<V> {
  readonly value: V;
  readonly until: number;
}

const BYTES_MAX = 64 * 1_048_576;
const FRESH_MS = 5_000;
/** A compiled schema takes about this many bytes per character of it and all that it references. */
const BYTES_PER_CHARACTER = 30;
const ENTRY_BYTES = 500;

/**
 * Schemas in memory, within a bound of bytes. What is compiled of a schema lives as long as its object here, so this bounds
 * that, too. What an id, a guid or a version stands for never changes; only `latest` and associations go out of date.
 */
export class SchemaCache {
  readonly #fixed: ByteBoundedCache<StoredSchema>;
  readonly #versions: ByteBoundedCache<SubjectSchema>;
  readonly #latest: ByteBoundedCache<Fresh<SubjectSchema>>;
  readonly #subjects: ByteBoundedCache<Fresh<string | undefined>>;
  readonly #freshMs: number;
  readonly #now: () => number;

  constructor(options: SchemaCacheOptions = {}) {
    const bytesMax = options.bytesMax ?? BYTES_MAX;
    this.#fixed = new ByteBoundedCache(bytesMax / 2);
    this.#versions = new ByteBoundedCache(bytesMax / 4);
    this.#latest = new ByteBoundedCache(bytesMax / 8);
    this.#subjects = new ByteBoundedCache(bytesMax / 8);
    this.#freshMs = options.freshMs ?? FRESH_MS;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * The source behind this cache. Questions that wait for the same answer share it. For a source that works in a transaction
   * make one view per transaction: what others keep of it is only what is settled.
   */
  over(source: SchemaSource): SchemaSource {
    const waiting = new Map<string, Promise<unknown>>();
    const once = <V>(key: string, load: () => Promise<V>): Promise<V> => {
      const before = waiting.get(key) as Promise<V> | undefined;
      if (before !== undefined) return before;
      const answer = load().finally(() => waiting.delete(key));
      waiting.set(key, answer);
      return answer;
    };
    return {
      byId: async (id) =>
        this.#fixed.get(`id ${id}`) ?? once(`id ${id}`, async () => this.#keep(await source.byId(id))),
      byGuid: async (guid) =>
        this.#fixed.get(`guid ${guid}`) ??
        once(`guid ${guid}`, async () => {
          const schema = await source.byGuid(guid);
          this.#fixed.set(`guid ${guid}`, schema, weightOf(schema));
          return schema;
        }),
      latest: async (subject) =>
        this.#fresh(this.#latest.get(subject)) ??
        once(`latest ${subject}`, async () => {
          const found = this.#settle(await source.latest(subject));
          if (found.settled) this.#latest.set(subject, this.#dated(found), weightOf(found.schema));
          return found;
        }),
      byVersion: async (subject, version) => {
        const key = `${version} ${subject}`;
        return (
          this.#versions.get(key) ??
          once(key, async () => {
            const found = this.#settle(await source.byVersion(subject, version));
            if (found.settled) this.#versions.set(key, found, weightOf(found.schema));
            return found;
          })
        );
      },
      associatedSubject: async (topic, part) => this.#subjectOf(source, topic, part, once),
    };
  }

  async #subjectOf(
    source: SchemaSource,
    topic: string,
    part: RecordPart,
    once: <V>(key: string, load: () => Promise<V>) => Promise<V>,
  ): Promise<string | undefined> {
    const key = `${part} ${topic}`;
    const known = this.#subjects.get(key);
    if (known !== undefined && known.until > this.#now()) return known.value;
    return once(`subject ${key}`, async () => {
      const subject = await source.associatedSubject?.(topic, part);
      this.#subjects.set(key, this.#dated(subject), ENTRY_BYTES + key.length);
      return subject;
    });
  }

  /** One object per id, so that it is compiled once. */
  #keep(schema: StoredSchema): StoredSchema {
    const key = `id ${schema.id}`;
    const known = this.#fixed.get(key);
    if (known !== undefined && known.text === schema.text) return known;
    this.#fixed.set(key, schema, weightOf(schema));
    return schema;
  }

  #settle(found: SubjectSchema): SubjectSchema {
    return found.settled ? { ...found, schema: this.#keep(found.schema) } : found;
  }

  #dated<V>(value: V): Fresh<V> {
    return { value, until: this.#now() + this.#freshMs };
  }

  #fresh<V>(entry: Fresh<V> | undefined): V | undefined {
    return entry !== undefined && entry.until > this.#now() ? entry.value : undefined;
  }
}

function weightOf({ text, dependencies }: StoredSchema): number {
  const characters = dependencies.reduce((sum, dependency) => sum + dependency.text.length, text.length);
  return ENTRY_BYTES + characters * BYTES_PER_CHARACTER;
}
