import { invalidSchema, VERSION_MAX } from '../refusals.ts';

/** What a request says about the version it wants. */
export interface VersionWish {
  /** Undefined and 0: the next one. -1: the next one, noted in the metadata. More: exactly this one. */
  readonly requested: number | undefined;
  /** The highest version that the subject has, soft-deleted ones included; 0 when it has none. */
  readonly last: number;
  readonly importing: boolean;
}

/** The version of a new schema. Throws 42201 where another registration came first, or for what is no version. */
export function chooseVersion({ requested, last, importing }: VersionWish): number {
  if (requested === undefined || requested === 0 || requested === -1) {
    if (last >= VERSION_MAX) throw invalidSchema('The subject has no versions left');
    return last + 1;
  }
  if (!Number.isInteger(requested) || requested < 0 || requested > VERSION_MAX) {
    throw invalidSchema(`The version ${requested} is not valid`);
  }
  if (!importing && requested !== last + 1) throw invalidSchema('Version is not one more than previous version');
  return requested;
}
