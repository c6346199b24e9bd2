import { z } from 'zod';
import { PLAN_LIMITS, type PlanRequest, type PlanResult } from '#libs/stores/schemas';
import { configChange, configView, zConfig } from './config-view.ts';
import { zConfigRequest, zMetadata, zRuleSet } from './request-schemas.ts';

const INT32_MAX = 2_147_483_647;

const zPlannedReference = z.strictObject({
  name: z.string(),
  subject: z.string(),
  version: z
    .union([z.int().min(-1).max(INT32_MAX), z.literal('latest')])
    .nullish()
    .describe('The number that an item of the plan is called by, else a version of the registry. Absent: the latest.'),
});

/** The body of a plan. Unlike Confluent's own requests it is read strictly: nobody has old clients of it. */
export const zPlanRequest = z.strictObject({
  items: z
    .array(
      z.strictObject({
        subject: z.string(),
        version: z.int().min(1).max(INT32_MAX).nullish().describe('What references of the plan call this item.'),
        schemaType: z.string().nullish(),
        schema: z.string(),
        references: z.array(zPlannedReference).nullish(),
        metadata: zMetadata.nullish(),
        ruleSet: zRuleSet.nullish(),
      }),
    )
    .max(PLAN_LIMITS.items),
  configs: z
    .array(z.strictObject({ subject: z.string().describe('Empty: the default context.'), config: zConfigRequest }))
    .max(PLAN_LIMITS.configs)
    .default([]),
  normalize: z.boolean().default(false),
});

const zDifference = z.strictObject({
  version: z.int(),
  type: z.string(),
  path: z.string(),
  breaks: z.enum(['NEW_READERS_OF_OLD_DATA', 'OLD_READERS_OF_NEW_DATA']),
  description: z.string(),
  fix: z.string(),
});

export const zPlanResult = z
  .strictObject({
    applied: z.boolean(),
    items: z.array(
      z.strictObject({
        subject: z.string(),
        name: z.int().optional().describe('The version of the request.'),
        outcome: z.enum(['UNCHANGED', 'NEW_SUBJECT', 'NEW_VERSION', 'REFUSED', 'SKIPPED']),
        version: z.int().optional(),
        id: z.int().optional().describe('Of a plan that is only tried: of what is there already.'),
        schema: z.string().optional(),
        compatibilityLevel: z.string().optional(),
        previous: z.strictObject({ version: z.int(), schemaType: z.string(), schema: z.string() }).optional(),
        refusal: z
          .strictObject({ errorCode: z.int(), message: z.string(), differences: z.array(zDifference) })
          .optional(),
      }),
    ),
    configs: z.array(z.strictObject({ subject: z.string(), before: zConfig, after: zConfig })),
  })
  .meta({ id: 'PlanResult' });

export function planRequest({ items, configs, normalize }: z.output<typeof zPlanRequest>): PlanRequest {
  return {
    items,
    normalize,
    configs: configs.map(({ subject, config }) => ({ subject, config: configChange(config) })),
  };
}

/** The id that a new schema would get is drawn anew when the plan is applied, so that a trial does not say one. */
export function planView({ applied, items, configs }: PlanResult): z.input<typeof zPlanResult> {
  return {
    applied,
    items: items.map(({ id, refusal, ...item }) => ({
      ...item,
      ...(id !== undefined && (applied || item.outcome === 'UNCHANGED') && { id }),
      ...(refusal && {
        refusal: {
          errorCode: refusal.errorCode,
          message: refusal.message,
          differences: refusal.reasons.map(({ version, type, path, breaks, description, fix }) => ({
            version,
            type,
            path,
            breaks,
            description,
            fix,
          })),
        },
      }),
    })),
    configs: configs.map(({ subject, before, after }) => ({
      subject,
      before: configView(before),
      after: configView(after),
    })),
  };
}
