import { type CompatibilityLevel, levelMessage, type LevelVerdict } from '#libs/compatibility/levels';
import type { Metadata } from '#libs/formats/schema';
import { reservedFields } from '../contents/reserved-fields.ts';

type Reason = LevelVerdict['reasons'][number];

export interface ReservedFieldCheck {
  /** The names of the candidate's own fields. */
  readonly fields: readonly string[];
  readonly metadata: Metadata | null;
  /** The newest version that the candidate is compared with, if there is any. */
  readonly previous: { readonly version: number; readonly metadata: Metadata | null } | undefined;
}

/**
 * What the names in the metadata property `confluent:reserved` forbid: to stop reserving a name that the previous version
 * reserves, and to have a field with a reserved name.
 */
export function reservedFieldProblems({ fields, metadata, previous }: ReservedFieldCheck): Reason[] {
  const reserved = new Set(reservedFields(metadata));
  const removed = [...new Set(reservedFields(previous?.metadata ?? null))].filter((name) => !reserved.has(name));
  const own = new Set(fields);
  const taken = [...reserved].filter((name) => own.has(name));
  const about = { version: previous?.version ?? 0, breaks: 'NEW_READERS_OF_OLD_DATA' } as const;
  return [
    ...removed.map((name) => ({
      ...about,
      type: 'RESERVED_FIELD_REMOVED',
      path: name,
      description: `The new schema has reserved field ${name} removed from its metadata which is present in the old schema's metadata.`,
      fix: `Add ${name} to the property confluent:reserved of the new schema's metadata.`,
    })),
    ...taken.map((name) => ({
      ...about,
      type: 'FIELD_CONFLICTS_WITH_RESERVED_FIELD',
      path: name,
      description: `The new schema has field that conflicts with the reserved field ${name}.`,
      fix: `Give the field ${name} another name.`,
    })),
  ];
}

/** A verdict with these problems in front of what it says, as Confluent lists them: they count at every level. */
export function withProblems(
  problems: readonly Reason[],
  verdict: LevelVerdict,
  level: CompatibilityLevel,
): LevelVerdict {
  if (problems.length === 0) return verdict;
  const rest = verdict.compatible ? [levelMessage(level, true)] : verdict.messages;
  return {
    compatible: false,
    messages: [...problems.map(({ description }) => description), ...rest],
    reasons: [...problems, ...verdict.reasons],
  };
}
