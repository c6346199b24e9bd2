export { type Candidate, checkLevel, type EarlierVersion, type LevelCheck, type LevelVerdict } from './check-level.ts';
export { COMPATIBILITY_LEVELS, type CompatibilityLevel, compatibilityLevelOf } from './compatibility-level.ts';
export { type CompatibilityPolicy, type CompatibilityRules, type Difference, DIFFERENCES_MAX } from './difference.ts';
export type { ExplainedDifference } from './explained-difference.ts';
export { levelMessage } from './messages.ts';
