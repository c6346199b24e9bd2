import type { ScalarType } from '../ast/field.ts';

/** What each scalar decodes to. 64-bit integers are bigint, since a number would lose digits. */
export const SCALAR_TYPESCRIPT: Readonly<Record<ScalarType, string>> = {
  double: 'number',
  float: 'number',
  int32: 'number',
  uint32: 'number',
  sint32: 'number',
  fixed32: 'number',
  sfixed32: 'number',
  int64: 'bigint',
  uint64: 'bigint',
  sint64: 'bigint',
  fixed64: 'bigint',
  sfixed64: 'bigint',
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
};
