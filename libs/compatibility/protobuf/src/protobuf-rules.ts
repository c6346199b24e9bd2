import { type CompatibilityRules, type Difference, DIFFERENCES_MAX } from '#libs/compatibility/levels';
import type { ProtobufSchema } from '#libs/formats/protobuf';
import { type Change, type BreakingChangeType, isBreaking } from './change.ts';
import { changesBetween } from './compare-files.ts';
import { descriptionOf } from './descriptions.ts';
import { fixOf } from './fixes.ts';

/**
 * Confluent's rules for Protobuf, with its names, paths and sentences. They have one strictness; the policy is ignored. Beyond
 * them, proto2 groups are compared like the fields that they are.
 */
export const protobufRules: CompatibilityRules<ProtobufSchema> = {
  differences(reader, writer, { stepsMax }) {
    const breaking = changesBetween({ writer, reader }, stepsMax).filter(isBreaking);
    return breaking.slice(0, DIFFERENCES_MAX).map(differenceOf);
  },
};

function differenceOf(change: Change<BreakingChangeType>): Difference {
  return { type: change.type, path: change.path, description: descriptionOf(change), fix: fixOf(change) };
}
