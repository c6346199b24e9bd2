export {
  decodePayload,
  encodePayload,
  encodeWithHeader,
  type HeaderPayload,
  type PayloadOrigin,
  recordNameOf,
} from './codec.ts';
export type { SchemaSource } from './schema-source.ts';
export type { StoredSchema, SubjectSchema } from './stored-schema.ts';
export { type SubjectNameStrategy, type SubjectQuestion, subjectName, topicSubject } from './subject-name.ts';
export { type Frame, guidHeader, looksFramed, readFrame, type RecordPart, SCHEMA_HEADERS } from './wire/frame.ts';
export { parseJson, printJson } from './lossless-json.ts';
