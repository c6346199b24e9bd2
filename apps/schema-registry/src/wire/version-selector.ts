import { RegistryError, type VersionSelector } from '#libs/stores/schemas';

const VERSION_MAX = 2_147_483_647;

/** A version in a path: a number from 1, `latest` in any case, or -1 for the same. Throws RegistryError 42202. */
export function versionSelector(text: string): VersionSelector {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'latest' || trimmed === '-1') return 'latest';
  const number = /^\+?\d{1,10}$/.test(trimmed) ? Number(trimmed) : 0;
  if (number >= 1 && number <= VERSION_MAX) return number;
  throw new RegistryError(
    42202,
    `The specified version '${text}' is not a valid version id. ` +
      'Allowed values are between [1, 2^31-1] and the string "latest"',
  );
}
