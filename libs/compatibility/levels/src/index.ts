export type { CompatibilityPolicy, CompatibilityRules, Difference } from './difference.ts';
