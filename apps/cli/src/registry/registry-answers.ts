import { z } from 'zod';

// Answers of schema registries of any make: what is needed is checked, what else they say is left out.

const zVersionNumber = z.int().min(1).max(2_147_483_647);

export const zReference = z.object({ name: z.string(), subject: z.string(), version: z.int() });

const record = z.record(z.string(), z.unknown());

/** A version of a subject, as listings and reads answer it. AVRO is left out by registries before 8.0. */
export const zVersionAnswer = z.object({
  subject: z.string(),
  version: zVersionNumber,
  id: z.int().min(0),
  guid: z.string().nullish(),
  schemaType: z.string().nullish(),
  references: z.array(zReference).nullish(),
  metadata: record.nullish(),
  ruleSet: record.nullish(),
  schema: z.string(),
  ts: z.int().nullish(),
  deleted: z.boolean().nullish(),
});
export type VersionAnswer = z.output<typeof zVersionAnswer>;

/** A schema by its id or guid. */
export const zSchemaAnswer = z.object({
  guid: z.string().nullish(),
  schemaType: z.string().nullish(),
  references: z.array(zReference).nullish(),
  metadata: record.nullish(),
  ruleSet: record.nullish(),
  schema: z.string(),
});
export type SchemaAnswer = z.output<typeof zSchemaAnswer>;

export const zNames = z.array(z.string());
export const zVersions = z.array(z.int());
/** Config as it is read: the level is `compatibilityLevel`. */
export const zConfigAnswer = record;
export const zModeAnswer = z.object({ mode: z.string() });
export const zAnything = z.unknown();

export const zVerdict = z.object({
  is_compatible: z.boolean(),
  messages: z.array(z.string()).nullish(),
});

/** Why a schema does not go together with a version. */
export const zDifference = z.object({
  version: z.int(),
  type: z.string(),
  path: z.string(),
  breaks: z.string(),
  description: z.string(),
  fix: z.string(),
});
export type DifferenceAnswer = z.output<typeof zDifference>;

export const zExplanation = zVerdict.extend({ differences: z.array(zDifference) });

/** Codes that say that something is not there. */
export const ABSENT = {
  subject: [40_401],
  version: [40_401, 40_402],
  config: [40_401, 40_408],
  mode: [40_401, 40_409],
  /** A route that the registry does not have. */
  route: [404, 405],
} as const;
