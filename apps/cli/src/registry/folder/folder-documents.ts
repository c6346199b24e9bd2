import { z } from 'zod';

// The JSON files of a folder of schemas. Written by `registry export`, by people, and read by `registry plan` and `apply`.

const record = z.record(z.string(), z.unknown());

/** A reference. Without a version: the latest, or the version that the folder has of the subject. */
export const zFolderReference = z.strictObject({
  name: z.string(),
  subject: z.string(),
  version: z
    .union([z.int().min(1), z.literal('latest'), z.literal(-1).transform(() => 'latest' as const)])
    .default('latest'),
});

/** What a schema has beside its text. */
const content = {
  /** The number that references in the folder mean it by. */
  version: z.int().min(1).optional(),
  id: z.int().optional(),
  guid: z.string().optional(),
  references: z.array(zFolderReference).optional(),
  metadata: record.optional(),
  ruleSet: record.optional(),
};

/** `<subject>.subject.json` beside the schema: all of it optional. */
export const zSidecar = z.strictObject({
  subject: z.string().optional(),
  config: record.optional(),
  mode: z.string().optional(),
  ...content,
});
export type Sidecar = z.output<typeof zSidecar>;

/** `<subject>/subject.json`, with the schemas as `<version>.avsc` and so on beside it. */
export const zSubjectDocument = z.strictObject({
  subject: z.string().optional(),
  config: record.optional(),
  mode: z.string().optional(),
  versions: z.array(z.strictObject({ ...content, version: z.int().min(1), deleted: z.boolean().optional() })),
});
export type SubjectDocument = z.output<typeof zSubjectDocument>;

/** `registry.json`: the settings of a context, and the sign that the folder was exported. */
export const zRegistryDocument = z.strictObject({
  layout: z.literal(1),
  context: z.string().optional(),
  config: record.optional(),
  mode: z.string().optional(),
});

export const EXTENSIONS: Readonly<Record<string, string>> = { AVRO: 'avsc', JSON: 'json', PROTOBUF: 'proto' };

export function typeOfExtension(extension: string): string | undefined {
  return Object.entries(EXTENSIONS).find(([, each]) => each === extension)?.[0];
}
