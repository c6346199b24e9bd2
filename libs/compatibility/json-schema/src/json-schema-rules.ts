import {
  type CompatibilityPolicy,
  type CompatibilityRules,
  type Difference,
  DIFFERENCES_MAX,
} from '#libs/compatibility/levels';
import type { JsonSchema } from '#libs/formats/json-schema';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import type { ChangeType } from './change-type.ts';
import { compareShapes } from './compare-shapes.ts';
import { Comparison } from './comparison.ts';
import { describeChange } from './describe-change.ts';
import type { Findings } from './findings.ts';
import { fixOf } from './fix-of.ts';
import { ShapeBuilder } from './shape-builder.ts';

interface Options {
  readonly policy: CompatibilityPolicy;
  readonly stepsMax?: number;
}

/** A change from the writer's schema to the reader's, harmless or not; `path` as `#/properties/a`, the root being `#/`. */
export interface SchemaChange {
  readonly type: ChangeType;
  readonly path: string;
  readonly allowed: boolean;
  /** Of combined schemas that found no partner: what stands in the way, relative to the path; the first few. */
  readonly because?: readonly { readonly type: ChangeType; readonly path: string }[];
}

/** Reasons within reasons that are named. */
const REASONS_MAX = 10;

/**
 * The first 2,000 changes between two schemas in the order in which they are found. Inside combined schemas only those of
 * schemas that found a partner are listed. Pure; patterns are never run by a backtracking engine.
 * Throws SCHEMA_TOO_COMPLEX after `stepsMax` steps of about a microsecond.
 */
export function jsonSchemaChanges(reader: JsonSchema, writer: JsonSchema, options: Options): SchemaChange[] {
  return listed(findingsOf(reader, writer, options), 'all');
}

/**
 * The rules of JSON Schema: what keeps the reader from accepting every value that is valid under the writer's schema.
 * STRICT takes every value that the writer's schema allows; LENIENT takes it that writers send only what they declare and
 * readers ignore properties they do not know. On the safe side where a comparison would need to reason about values.
 */
export const jsonSchemaRules: CompatibilityRules<JsonSchema> = {
  differences: (reader, writer, options) =>
    listed(findingsOf(reader, writer, options), 'breaking').map(({ type, path, because }): Difference => ({
      type,
      path,
      description: describeChange(type, path),
      fix: fixOf(type, path, because),
    })),
};

function findingsOf(
  reader: JsonSchema,
  writer: JsonSchema,
  { policy, stepsMax = SCHEMA_LIMITS.stepsMax }: Options,
): Findings {
  const comparison = new Comparison(compareShapes, policy, stepsMax);
  return comparison.attempt(new ShapeBuilder(writer).root, new ShapeBuilder(reader).root);
}

function listed(findings: Findings, only: 'all' | 'breaking'): SchemaChange[] {
  return findings.list(DIFFERENCES_MAX, only).map(({ type, path, allowed, because }) => ({
    type,
    path: `#/${path}`,
    allowed,
    because: because?.list(REASONS_MAX, 'breaking'),
  }));
}
