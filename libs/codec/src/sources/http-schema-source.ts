import { isSchemaType, type Dependency, type SchemaReference } from '#libs/formats/schema';
import { TidemarkError } from '#libs/foundation/kernel';
import type { SchemaSource } from '../schema-source.ts';
import type { StoredSchema, SubjectSchema } from '../stored-schema.ts';
import type { RecordPart } from '../wire/frame.ts';
import { RegistryRequests, type RegistryRequestOptions } from './registry-requests.ts';

/** Schemas that one closure of references may have. */
const CLOSURE_MAX = 1_000;

interface SchemaAnswer {
  readonly id?: number;
  readonly guid?: string;
  readonly subject?: string;
  readonly version?: number;
  readonly schemaType?: string;
  readonly schema?: string;
  readonly references?: readonly SchemaReference[];
}

/**
 * Schemas from a registry with Confluent's HTTP API. Keeps nothing: put a SchemaCache before it. Rejects with SCHEMA_UNKNOWN,
 * REGISTRY_UNAVAILABLE; with UNAUTHENTICATED or FORBIDDEN where the registry says so.
 */
export class HttpSchemaSource implements SchemaSource {
  readonly #requests: RegistryRequests;

  constructor(options: RegistryRequestOptions) {
    this.#requests = new RegistryRequests(options);
  }

  async byId(id: number): Promise<StoredSchema> {
    return this.#schema({ ...(await this.#get(`/schemas/ids/${id}`, `schema ${id}`)), id });
  }

  async byGuid(guid: string): Promise<StoredSchema> {
    const what = `schema ${guid}`;
    const answer = await this.#get(`/schemas/guids/${encodeURIComponent(guid)}`, what);
    const ids = (await this.#requests.get(`/schemas/guids/${encodeURIComponent(guid)}/ids`, what)) as { id: number }[];
    return this.#schema({ ...answer, guid, id: ids[0]?.id ?? 0 });
  }

  latest(subject: string): Promise<SubjectSchema> {
    return this.#version(subject, 'latest');
  }

  byVersion(subject: string, version: number): Promise<SubjectSchema> {
    return this.#version(subject, version);
  }

  async associatedSubject(topic: string, part: RecordPart): Promise<string | undefined> {
    const query = `resourceType=topic&associationType=${part}`;
    const found = await this.#requests.find(`/associations/resources/-/${encodeURIComponent(topic)}?${query}`);
    const associations = Array.isArray(found) ? (found as { subject?: unknown }[]) : [];
    if (associations.length > 1) {
      throw new TidemarkError('SCHEMA_UNKNOWN', `topic ${topic} is associated with ${associations.length} subjects`, {
        context: { topic },
        remedy: 'Name the subject of the topic, or leave it one association.',
      });
    }
    const subject = associations[0]?.subject;
    return typeof subject === 'string' ? subject : undefined;
  }

  async #version(subject: string, version: number | 'latest', deleted = false): Promise<SubjectSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}${deleted ? '?deleted=true' : ''}`;
    const answer = await this.#get(path, `${subject} version ${version}`);
    return {
      subject: answer.subject ?? subject,
      version: answer.version ?? (version === 'latest' ? 0 : version),
      schema: await this.#schema(answer),
      settled: true,
    };
  }

  async #get(path: string, what: string): Promise<SchemaAnswer> {
    return (await this.#requests.get(path, what)) as SchemaAnswer;
  }

  async #schema(answer: SchemaAnswer): Promise<StoredSchema> {
    const { schemaType = 'AVRO', schema, id = 0 } = answer;
    if (typeof schema !== 'string' || !isSchemaType(schemaType)) {
      throw new TidemarkError(
        'REGISTRY_UNAVAILABLE',
        `the registry answered no schema that is known here (${schemaType})`,
      );
    }
    const dependencies: Dependency[] = [];
    await this.#collect(answer.references ?? [], dependencies, new Set());
    return { id, guid: answer.guid, schemaType, text: schema, dependencies };
  }

  /** Depth first, each name once, after what it uses itself. */
  async #collect(references: readonly SchemaReference[], into: Dependency[], seen: Set<string>): Promise<void> {
    for (const { name, subject, version } of references) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (seen.size > CLOSURE_MAX) {
        throw new TidemarkError('SCHEMA_TOO_COMPLEX', `references lead to more than ${CLOSURE_MAX} schemas`);
      }
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}?deleted=true`;
      const found = await this.#get(path, `${subject} version ${version}`);
      await this.#collect(found.references ?? [], into, seen);
      into.push({ name, text: found.schema ?? '' });
    }
  }
}
