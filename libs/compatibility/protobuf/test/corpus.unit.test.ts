import { describe, expect, test } from '@jest/globals';
import { changesBetween, protobufRules } from '../src/index.ts';
import { FIELD_CASES, LABEL_CASES } from './cases/fields.ts';
import { FILE_CASES, GROUP_CASES } from './cases/files.ts';
import { IMPORT_CASES } from './cases/imports.ts';
import { ONEOF_CASES } from './cases/oneofs.ts';
import { ENUM_CASES, MAP_CASES, MESSAGE_CASES } from './cases/types.ts';
import type { CompatibilityCase } from './compatibility-case.ts';
import { schemaOf } from './schema-of.ts';

describe.each<[string, readonly CompatibilityCase[]]>([
  ['fields', FIELD_CASES],
  ['labels', LABEL_CASES],
  ['oneofs', ONEOF_CASES],
  ['messages', MESSAGE_CASES],
  ['enums', ENUM_CASES],
  ['maps', MAP_CASES],
  ['imports', IMPORT_CASES],
  ['files', FILE_CASES],
  ['groups', GROUP_CASES],
])('%s', (_, cases) => {
  test.each(cases.map((one) => [one.title, one] as const))('%s', (_title, one) => {
    const [older, newer] = [schemaOf(one.old, one.oldImports), schemaOf(one.new, one.newImports)];
    const found = changesBetween({ writer: older, reader: newer }).map(({ type, path }) => `${type} ${path}`);
    expect(found.sort()).toEqual([...one.changes].sort());
    const backward = protobufRules.differences(newer, older, { policy: 'STRICT' }).length === 0;
    const forward = protobufRules.differences(older, newer, { policy: 'STRICT' }).length === 0;
    expect(inWords(backward, forward)).toBe(one.compatible);
  });

  test.each(cases.map((one) => [one.title, one] as const))('%s: a schema goes with itself', (_title, one) => {
    for (const schema of [schemaOf(one.old, one.oldImports), schemaOf(one.new, one.newImports)]) {
      expect(changesBetween({ writer: schema, reader: schema })).toEqual([]);
    }
  });
});

function inWords(backward: boolean, forward: boolean): CompatibilityCase['compatible'] {
  if (backward) return forward ? 'both ways' : 'backward';
  return forward ? 'forward' : 'neither way';
}
