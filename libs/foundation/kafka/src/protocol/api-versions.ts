import type { ApiCall, VersionRange } from './api-call.ts';

interface Answer {
  readonly errorCode: number;
  readonly versions: ReadonlyMap<number, VersionRange>;
}

/** Version 0: the only one that every broker answers without knowing who asks. */
export const API_VERSIONS: ApiCall<null, Answer> = {
  name: 'ApiVersions',
  key: 18,
  min: 0,
  max: 0,
  flexibleFrom: 3,
  write: () => undefined,
  read: (reader) => ({
    errorCode: reader.readInt16(),
    versions: new Map(
      reader.readArray((r) => [r.readInt16(), { min: r.readInt16(), max: r.readInt16() }] as const, false, false),
    ),
  }),
};
