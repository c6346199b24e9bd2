import { z } from 'zod';
import { zDifference } from '../registry-answers.ts';

const record = z.record(z.string(), z.unknown());

const zPlannedItem = z.object({
  subject: z.string(),
  outcome: z.enum(['UNCHANGED', 'NEW_SUBJECT', 'NEW_VERSION', 'REFUSED', 'SKIPPED']),
  version: z.int().optional(),
  id: z.int().optional(),
  schema: z.string().optional(),
  compatibilityLevel: z.string().optional(),
  previous: z.object({ version: z.int(), schemaType: z.string(), schema: z.string() }).optional(),
  refusal: z.object({ errorCode: z.int(), message: z.string(), differences: z.array(zDifference) }).optional(),
});
export type PlannedItemAnswer = z.output<typeof zPlannedItem>;

/** The answer of `POST /v1/plan` and `/v1/apply`; items are in the order of the request. */
export const zPlanAnswer = z.object({
  applied: z.boolean(),
  items: z.array(zPlannedItem),
  configs: z.array(z.object({ subject: z.string(), before: record, after: record })),
});
export type PlanAnswer = z.output<typeof zPlanAnswer>;
