import type { CompatibilityPolicy, CompatibilityRules, Difference } from '#libs/compatibility/levels';
import type { JsonSchema } from '#libs/formats/json-schema';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import { type ChangeType, isAllowed } from './change-type.ts';
import { compareShapes } from './compare-shapes.ts';
import { Comparison } from './comparison.ts';
import { describeChange } from './describe-change.ts';
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
  /** Of combined schemas that found no partner: what stands in the way, relative to the path. */
  readonly because?: readonly { readonly type: ChangeType; readonly path: string }[];
}

/**
 * All changes between two schemas in the order in which they stand in the text. Inside combined schemas only those of
 * schemas that found a partner are listed. Pure; patterns are never run by a backtracking engine.
 * Throws SCHEMA_TOO_COMPLEX after `stepsMax` steps.
 */
export function jsonSchemaChanges(reader: JsonSchema, writer: JsonSchema, options: Options): SchemaChange[] {
  const { policy, stepsMax = SCHEMA_LIMITS.stepsMax } = options;
  const comparison = new Comparison(compareShapes, policy, stepsMax);
  const changes = comparison.run(new ShapeBuilder(writer).root, new ShapeBuilder(reader).root);
  return changes.map(({ type, path, because }) => ({
    type,
    path: `#/${path}`,
    allowed: isAllowed(type, policy),
    because: because?.filter((each) => !isAllowed(each.type, policy)),
  }));
}

/**
 * The rules of JSON Schema: what keeps the reader from accepting every value that is valid under the writer's schema.
 * STRICT takes every value that the writer's schema allows; LENIENT takes it that writers send only what they declare and
 * readers ignore properties they do not know. On the safe side where a comparison would need to reason about values.
 */
export const jsonSchemaRules: CompatibilityRules<JsonSchema> = {
  differences: (reader, writer, options) =>
    jsonSchemaChanges(reader, writer, options)
      .filter(({ allowed }) => !allowed)
      .map(({ type, path, because }): Difference => ({
        type,
        path,
        description: describeChange(type, path),
        fix: fixOf(type, path, because),
      })),
};
