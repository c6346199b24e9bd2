import type { AvroType, UnionType } from '#libs/formats/avro';
import type { Comparer, Comparison, Finding } from './comparison.ts';
import { compareEnums, compareFixed } from './compare-named.ts';
import { compareRecords } from './compare-records.ts';
import { missingBranch, typeMismatch } from './differences.ts';
import { readsPrimitive } from './promotions.ts';

/** Every difference between two types, in the order of the reader. */
export const compareTypes: Comparer = (reader, writer, path, to) => {
  if (reader.kind === 'union' && writer.kind === 'union') return compareUnions(reader, writer, path, to);
  if (writer.kind === 'union') {
    return writer.branches.flatMap((branch, index) => to.findings(reader, branch, `${path}/${index}`));
  }
  if (reader.kind === 'union') return readsOne(reader, writer, to) ? [] : [() => missingBranch(reader, writer, path)];
  if (reader.kind === 'record' && writer.kind === 'record') return compareRecords(reader, writer, path, to);
  if (reader.kind === 'enum' && writer.kind === 'enum') return compareEnums(reader, writer, path, to);
  if (reader.kind === 'fixed' && writer.kind === 'fixed') return compareFixed(reader, writer, path);
  if (reader.kind === 'array' && writer.kind === 'array') {
    return to.findings(reader.items, writer.items, `${path}/items`);
  }
  if (reader.kind === 'map' && writer.kind === 'map') {
    return to.findings(reader.values, writer.values, `${path}/values`);
  }
  return readsPrimitive(reader.kind, writer.kind) ? [] : [() => typeMismatch(reader, writer, path)];
};

/** Of each branch of the writer only whether the reader has a branch for it: what differs inside is not reported. */
function compareUnions(reader: UnionType, writer: UnionType, path: string, to: Comparison): Finding[] {
  return writer.branches.flatMap((branch, index) => {
    if (to.findings(reader, branch, '').length === 0) return [];
    return [() => missingBranch(reader, branch, `${path}/${index}`)];
  });
}

/** Branches of other names are not looked at, because unions of very many records would be compared each with each. */
function readsOne(reader: UnionType, writer: AvroType, to: Comparison): boolean {
  const candidates = to.branchesOf(reader).candidates(writer, to.readersOf(writer));
  return candidates.some((branch) => to.findings(branch, writer, '').length === 0);
}
