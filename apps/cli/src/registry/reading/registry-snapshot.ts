import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { z } from 'zod';
import type { zReference } from '../registry-answers.ts';

export type Reference = z.output<typeof zReference>;
/** As JSON says it; nothing in it is interpreted here. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** A version of a subject with everything that has to survive a copy. */
export interface RegistryVersion {
  /** As registries write it, with its context unless that is the default one. */
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  /** Undefined where the registry has none, as before Confluent 8.0. */
  readonly guid: string | undefined;
  readonly schemaType: string;
  readonly references: readonly Reference[];
  readonly metadata: JsonRecord | null;
  readonly ruleSet: JsonRecord | null;
  readonly schema: string;
  /** When it was registered, ms since the epoch. Undefined where the registry does not say, as before Confluent 8.0. */
  readonly ts: number | undefined;
  readonly deleted: boolean;
}

/** Config and mode of a subject, of a context (`:.ctx:`), or of the whole registry (''). Undefined: none of its own. */
export interface PlaceSettings {
  readonly place: string;
  readonly config: JsonRecord | undefined;
  readonly mode: string | undefined;
}

/** What a registry holds, or the part of it in some contexts. */
export interface RegistrySnapshot {
  readonly contexts: readonly string[];
  /** By subject, then by version. */
  readonly versions: readonly RegistryVersion[];
  /** The whole registry first, then contexts, then subjects. */
  readonly settings: readonly PlaceSettings[];
}

/** Identifies a version in maps and messages. */
export function versionKey(subject: string, version: number): string {
  return `${subject} version ${version}`;
}

export function byPlace(a: { subject: string; version: number }, b: { subject: string; version: number }): number {
  return a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.version - b.version;
}

/** Throws CommandError when a context that was asked for is not there. */
export function requireContexts(wanted: readonly string[] | undefined, { contexts }: RegistrySnapshot): void {
  const missing = wanted?.filter((context) => !contexts.includes(context)) ?? [];
  if (missing.length > 0) throw new CommandError(EXIT.FAILED, `there is no context ${missing.join(', ')}`);
}
