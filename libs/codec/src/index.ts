export {
  decodePayload,
  encodePayload,
  encodeWithHeader,
  type HeaderPayload,
  type PayloadOrigin,
  recordNameOf,
} from './codec.ts';
export { type DecodedPayload, type PayloadHeaders, PayloadReader, type ReadOptions } from './payload-reader.ts';
export type { SchemaSource } from './schema-source.ts';
export { HttpSchemaSource } from './sources/http-schema-source.ts';
export type { RegistryRequestOptions } from './sources/registry-requests.ts';
export { SchemaCache, type SchemaCacheOptions } from './sources/schema-cache.ts';
export type { StoredSchema, SubjectSchema } from './stored-schema.ts';
export { type SubjectNameStrategy, type SubjectQuestion, subjectName, topicSubject } from './subject-name.ts';
export { type Frame, guidHeader, looksFramed, readFrame, type RecordPart, SCHEMA_HEADERS } from './wire/frame.ts';
export { parseJson, printJson } from './lossless-json.ts';
export { decodedJson } from './decoded-json.ts';
