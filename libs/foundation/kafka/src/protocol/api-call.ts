import type { Reader, Writer } from '@platformatic/kafka';

/**
 * One call of Kafka's protocol: how its request is written and its answer read, in a few versions that are still there
 * in Kafka 3.5 to 4.x. What a broker says of a partition is part of the answer, never thrown.
 */
export interface ApiCall<Request, Answer> {
  readonly name: string;
  readonly key: number;
  /** The highest version between these that the broker knows, too, is used. */
  readonly min: number;
  readonly max: number;
  /** From this version on headers carry tagged fields, and lengths are written compactly. */
  readonly flexibleFrom: number;
  write(writer: Writer, request: Request, version: number): void;
  read(reader: Reader, version: number): Answer;
}

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** The version to talk in; null when there is none that both sides know. */
export function agreedVersion(ours: VersionRange, theirs: VersionRange | undefined): number | null {
  if (theirs === undefined) return null;
  const version = Math.min(ours.max, theirs.max);
  return version >= ours.min && version >= theirs.min ? version : null;
}
