/** How a new version of a subject has to go together with the earlier ones. */
export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/** The level that a name means, in any case; undefined for another name. */
export function compatibilityLevelOf(name: string): CompatibilityLevel | undefined {
  return COMPATIBILITY_LEVELS.find((level) => level === name.toUpperCase());
}

/** Who reads whose data, as seen from the new version. */
export type Direction = 'NEW_READS_OLD' | 'OLD_READS_NEW';

/** What a level asks for. The directions are in the order in which Confluent reports them. */
export interface LevelDemands {
  readonly directions: readonly Direction[];
  /** Every earlier version, not only the newest. */
  readonly everyVersion: boolean;
}

const DEMANDS: Readonly<Record<CompatibilityLevel, LevelDemands>> = {
  NONE: { directions: [], everyVersion: false },
  BACKWARD: { directions: ['NEW_READS_OLD'], everyVersion: false },
  BACKWARD_TRANSITIVE: { directions: ['NEW_READS_OLD'], everyVersion: true },
  FORWARD: { directions: ['OLD_READS_NEW'], everyVersion: false },
  FORWARD_TRANSITIVE: { directions: ['OLD_READS_NEW'], everyVersion: true },
  FULL: { directions: ['OLD_READS_NEW', 'NEW_READS_OLD'], everyVersion: false },
  FULL_TRANSITIVE: { directions: ['OLD_READS_NEW', 'NEW_READS_OLD'], everyVersion: true },
};

export function demandsOf(level: CompatibilityLevel): LevelDemands {
  return DEMANDS[level];
}
