import type { VersionState } from '../postgres/list-versions.sql.ts';
import {
  subjectNotFound,
  subjectNotSoftDeleted,
  subjectSoftDeleted,
  versionNotFound,
  versionNotSoftDeleted,
  versionSoftDeleted,
} from '../refusals.ts';
import type { VersionSelector } from '../registry.ts';

/**
 * The versions that deleting a subject deletes, ascending: softly the live ones, permanently all, which have to be
 * soft-deleted already. Throws 40401, 40404, 40405.
 */
export function versionsOfSubjectToDelete(
  subject: string,
  versions: readonly VersionState[],
  permanent: boolean,
): number[] {
  if (versions.length === 0) throw subjectNotFound(subject);
  const live = versions.filter(({ deleted }) => !deleted);
  if (permanent) {
    if (live.length > 0) throw subjectNotSoftDeleted(subject);
    return versions.map(({ version }) => version);
  }
  if (live.length === 0) throw subjectSoftDeleted(subject);
  return live.map(({ version }) => version);
}

/** The version that a request to delete one means; `latest` is the newest live one. Throws 40401, 40402, 40406, 40407. */
export function versionToDelete(
  subject: string,
  versions: readonly VersionState[],
  wanted: VersionSelector,
  permanent: boolean,
): number {
  const found =
    wanted === 'latest'
      ? versions.findLast(({ deleted }) => !deleted)
      : versions.find(({ version }) => version === wanted);
  if (found === undefined) {
    if (versions.length === 0) throw subjectNotFound(subject);
    throw versionNotFound(wanted === 'latest' ? -1 : wanted);
  }
  if (!permanent && found.deleted) throw versionSoftDeleted(subject, found.version);
  if (permanent && !found.deleted) throw versionNotSoftDeleted(subject, found.version);
  return found.version;
}
