import type { StoredSchema, SubjectSchema } from './stored-schema.ts';
import type { RecordPart } from './wire/frame.ts';

/**
 * Where schemas come from: a registry over HTTP, or its tables in the same database. Every method rejects with
 * SCHEMA_UNKNOWN when the registry has no such schema, and with REGISTRY_UNAVAILABLE or a database error when it cannot tell.
 */
export interface SchemaSource {
  /** By its id. Ids belong to a context, by default the default one. */
  byId(id: number): Promise<StoredSchema>;
  byGuid(guid: string): Promise<StoredSchema>;
  /** The newest live version of a subject. */
  latest(subject: string): Promise<SubjectSchema>;
  byVersion(subject: string, version: number): Promise<SubjectSchema>;
  /** The subject that is associated with a topic in the registry. Undefined: none. Absent: it knows no associations. */
  associatedSubject?(topic: string, part: RecordPart): Promise<string | undefined>;
}
