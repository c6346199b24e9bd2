import { invalidVersion, VERSION_MAX } from '../refusals.ts';
import type { VersionSelector } from '../registry.ts';

/** The version asked for, -1 being another word for the latest. Throws 42202 for what is no version. */
export function checkVersion(version: VersionSelector): VersionSelector {
  if (version === 'latest' || version === -1) return 'latest';
  if (!Number.isInteger(version) || version < 1 || version > VERSION_MAX) throw invalidVersion(String(version));
  return version;
}
