import { z } from 'zod';

const INT32_MAX = 2_147_483_647;

/** Jackson reads numbers and booleans as texts where a text is expected; fractions would lose their spelling here. */
const zLenientText = z.union([z.string(), z.int().transform(String), z.boolean().transform(String)]);
const zLenientInt = z.union([
  z.int().min(-INT32_MAX).max(INT32_MAX),
  z
    .string()
    .regex(/^-?\d{1,9}$/)
    .transform(Number),
]);
const zLenientFlag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** All three parts are needed; the registry says which is missing, in the code that clients know for it. */
export const zReference = z
  .object({ name: z.string().nullish(), subject: z.string().nullish(), version: zLenientInt.nullish() })
  .meta({ id: 'SchemaReference', description: 'Version -1 means the latest one.' });

export const zMetadata = z
  .object({
    tags: z.record(z.string(), z.array(z.string())).nullish(),
    properties: z.record(z.string(), zLenientText).nullish(),
    sensitive: z.array(z.string()).nullish(),
  })
  .transform(({ tags, properties, sensitive }) => ({
    ...(tags && { tags }),
    ...(properties && { properties }),
    ...(sensitive && { sensitive }),
  }));

const zRule = z
  .object({
    name: z.string().nullish(),
    doc: z.string().nullish(),
    kind: z.string().nullish(),
    mode: z.string().nullish(),
    type: z.string().nullish(),
    tags: z.array(z.string()).nullish(),
    params: z.record(z.string(), zLenientText).nullish(),
    expr: z.string().nullish(),
    onSuccess: z.string().nullish(),
    onFailure: z.string().nullish(),
    disabled: zLenientFlag.nullish(),
  })
  .transform((rule) =>
    Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null && value !== undefined)),
  );

export const zRuleSet = z
  .object({
    migrationRules: z.array(zRule).nullish(),
    domainRules: z.array(zRule).nullish(),
    encodingRules: z.array(zRule).nullish(),
    enableAt: z.string().nullish(),
  })
  .transform((rules) =>
    Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== null && value !== undefined)),
  );

const zSchemaTags = z.object({
  schemaEntity: z.object({ entityPath: z.string(), entityType: z.enum(['sr_record', 'sr_field']) }),
  tags: z.array(z.string()),
});

/** RegisterSchemaRequest: what is registered, looked up and compared. Unknown fields are ignored, nulls are absent. */
export const zSchemaRequest = z.object({
  version: zLenientInt.nullish(),
  id: zLenientInt.nullish(),
  /** Our own: see SchemaRequest. */
  guid: z.string().nullish(),
  /** Our own as well. */
  ts: z.number().nullish(),
  schemaType: z.string().nullish(),
  references: z.array(zReference).nullish(),
  metadata: zMetadata.nullish(),
  ruleSet: zRuleSet.nullish(),
  schema: z.string().nullish(),
  schemaTagsToAdd: z.array(zSchemaTags).nullish(),
  schemaTagsToRemove: z.array(zSchemaTags).nullish(),
  propagateSchemaTags: zLenientFlag.nullish(),
});

/** TagSchemaRequest. */
export const zTagRequest = z.object({
  newVersion: zLenientInt.nullish(),
  tagsToAdd: z.array(zSchemaTags).nullish(),
  tagsToRemove: z.array(zSchemaTags).nullish(),
  metadata: zMetadata.nullish(),
  ruleSet: zRuleSet.nullish(),
  rulesToMerge: zRuleSet.nullish(),
  rulesToRemove: z.array(z.string()).nullish(),
});

/** ConfigUpdateRequest: what is absent stays, null clears. */
export const zConfigRequest = z.object({
  alias: z.string().nullish(),
  aliasForDeks: z
    .string()
    .nullish()
    .describe('For the registry of data encryption keys, which is not here: kept, without effect.'),
  normalize: zLenientFlag.nullish(),
  validateFields: zLenientFlag.nullish(),
  validateNewSchemas: zLenientFlag.nullish(),
  validateRules: zLenientFlag.nullish().describe('Refuses rules that could not run; their form is checked always.'),
  compatibility: zLenientText.nullish(),
  compatibilityPolicy: zLenientText.nullish(),
  compatibilityGroup: z.string().nullish(),
  defaultMetadata: zMetadata.nullish(),
  overrideMetadata: zMetadata.nullish(),
  defaultRuleSet: zRuleSet.nullish(),
  overrideRuleSet: zRuleSet.nullish(),
});

/** ModeUpdateRequest. */
export const zModeRequest = z.object({ mode: zLenientText.nullish() });
