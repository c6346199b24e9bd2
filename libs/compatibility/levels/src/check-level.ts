import type { SchemaType } from '#libs/formats/schema';
import { type CompatibilityLevel, demandsOf, type Direction } from './compatibility-level.ts';
import { type CompatibilityPolicy, type CompatibilityRules, type Difference, DIFFERENCES_MAX } from './difference.ts';
import { differentType, type ExplainedDifference, explained } from './explained-difference.ts';
import {
  DIFFERENT_TYPE_MESSAGE,
  earlierVersionMessages,
  levelMessage,
  messageOf,
  notShownMessage,
} from './messages.ts';

export interface Candidate<S> {
  readonly schemaType: SchemaType;
  readonly schema: S;
  /** The properties of its metadata. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface EarlierVersion<S> {
  readonly version: number;
  readonly schemaType: SchemaType;
  /** Canonical text, for the messages. */
  readonly text: string;
  /** Asked for only when the version is compared, and only when it has the type of the candidate. */
  readonly schema: () => S;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface LevelCheck<S> {
  readonly level: CompatibilityLevel;
  readonly policy: CompatibilityPolicy;
  readonly candidate: Candidate<S>;
  /** The live versions to compare with, newest first. Read only as far as the level asks. */
  readonly earlier: Iterable<EarlierVersion<S>>;
  readonly rules: CompatibilityRules<S>;
  /** Confluent's compatibilityGroup: only versions with the candidate's value of this metadata property are compared. */
  readonly group?: string;
  /** Said in the messages alone. */
  readonly validateFields?: boolean;
  /** Of one comparison in one direction. */
  readonly stepsMax?: number;
}

export interface LevelVerdict {
  readonly compatible: boolean;
  /** As Confluent words them; empty when compatible. */
  readonly messages: readonly string[];
  /** The same as data, about the first earlier version that does not go together with the candidate. */
  readonly reasons: readonly ExplainedDifference[];
}

/** Differences in one direction that an answer lists: schemas that share a type many times can differ millions of times. */
const SHOWN_MAX = 1_000;

const COMPATIBLE: LevelVerdict = { compatible: true, messages: [], reasons: [] };

/**
 * Whether a candidate may follow the earlier versions of its subject. NONE asks for nothing; the plain levels compare with the
 * newest version, the transitive ones with every version from the newest on, up to the first that fails. A version of another
 * schema type always fails. Throws what `rules` and `schema()` throw.
 */
export function checkLevel<S>(check: LevelCheck<S>): LevelVerdict {
  const { directions, everyVersion } = demandsOf(check.level);
  if (directions.length === 0) return COMPATIBLE;
  for (const earlier of check.earlier) {
    if (!inGroup(check, earlier)) continue;
    const verdict = checkVersion(check, earlier, directions);
    if (!verdict.compatible || !everyVersion) return verdict;
  }
  return COMPATIBLE;
}

function inGroup<S>({ group, candidate }: LevelCheck<S>, earlier: EarlierVersion<S>): boolean {
  return group === undefined || earlier.properties?.[group] === candidate.properties?.[group];
}

function checkVersion<S>(
  check: LevelCheck<S>,
  earlier: EarlierVersion<S>,
  directions: readonly Direction[],
): LevelVerdict {
  const last = levelMessage(check.level, check.validateFields ?? false);
  if (earlier.schemaType !== check.candidate.schemaType) {
    const reasons = [differentType(earlier.version, earlier.schemaType, check.candidate.schemaType, directions)];
    return { compatible: false, messages: [DIFFERENT_TYPE_MESSAGE, last], reasons };
  }
  const messages: string[] = [];
  const reasons: ExplainedDifference[] = [];
  directions.forEach((direction, index) => {
    const differences = differencesIn(direction, check, earlier);
    const shown = differences.slice(0, SHOWN_MAX);
    for (const difference of shown) {
      messages.push(messageOf(difference, direction));
      reasons.push(explained(difference, direction, earlier.version));
    }
    const rest = differences.length - shown.length;
    if (rest > 0) messages.push(notShownMessage(rest, differences.length >= DIFFERENCES_MAX));
    // Confluent shows the earlier version after the last direction, and only when that one failed.
    const isLast = index === directions.length - 1;
    if (isLast && differences.length > 0) messages.push(...earlierVersionMessages(earlier));
  });
  return messages.length === 0 ? COMPATIBLE : { compatible: false, messages: [...messages, last], reasons };
}

function differencesIn<S>(
  direction: Direction,
  { candidate, rules, policy, stepsMax }: LevelCheck<S>,
  earlier: EarlierVersion<S>,
): readonly Difference[] {
  const options = { policy, ...(stepsMax === undefined ? {} : { stepsMax }) };
  return direction === 'NEW_READS_OLD'
    ? rules.differences(candidate.schema, earlier.schema(), options)
    : rules.differences(earlier.schema(), candidate.schema, options);
}
