import { sameJson } from '#libs/formats/json-text';
import { compareArrays } from './compare-arrays.ts';
import { compareCombined, compareFromCombined, compareToCombined } from './compare-combined.ts';
import { compareObjects } from './compare-objects.ts';
import { compareEnums, compareNumbers, compareStrings, sameValue } from './compare-scalars.ts';
import type { Comparer } from './comparer.ts';
import { compareOptional } from './compare-optional.ts';
import type { Notes, Shape } from './shape.ts';

/** The changes from what the writer's schema lets pass to what the reader's does. */
export function compareShapes(writer: Shape, reader: Shape, comparer: Comparer): void {
  compareNotes(writer.notes, reader.notes, comparer);
  compareKinds(writer, reader, comparer);
}

function compareKinds(writer: Shape, reader: Shape, comparer: Comparer): void {
  if (writer.kind === 'never' || reader.kind === 'any') return;
  if (writer.kind !== reader.kind && isConnectBytes(writer) && isConnectBytes(reader)) return;
  if (writer.kind === 'combined' && reader.kind === 'combined') compareCombined(writer, reader, comparer);
  else if (reader.kind === 'combined') compareToCombined(writer, reader, comparer);
  else if (writer.kind === 'combined') compareFromCombined(writer, reader, comparer);
  else if (writer.kind !== reader.kind) comparer.add('TYPE_CHANGED');
  else compareSameKind(writer, reader, comparer);
}

/** Connect's converters write decimals as bytes, as numbers or as text by their settings, and read what they wrote. */
function isConnectBytes({ notes }: Shape): boolean {
  return notes.connectType === 'bytes';
}

function compareSameKind(writer: Shape, reader: Shape, comparer: Comparer): void {
  // Of whole and other numbers the comparison of numbers says as much.
  const isSaid = writer.kind === 'number' && reader.kind === 'number' && writer.integer !== reader.integer;
  if ('typed' in writer && 'typed' in reader && writer.typed !== reader.typed && !isSaid) {
    comparer.add(reader.typed ? 'TYPE_NARROWED' : 'TYPE_EXTENDED');
  }
  if (writer.kind === 'string' && reader.kind === 'string') compareStrings(writer, reader, comparer);
  if (writer.kind === 'number' && reader.kind === 'number') compareNumbers(writer, reader, comparer);
  if (writer.kind === 'object' && reader.kind === 'object') compareObjects(writer, reader, comparer);
  if (writer.kind === 'array' && reader.kind === 'array') compareArrays(writer, reader, comparer);
  if (writer.kind === 'enum' && reader.kind === 'enum') compareEnums(writer.values, reader.values, comparer);
  if (writer.kind === 'const' && reader.kind === 'const' && !sameValue(writer.value, reader.value)) {
    comparer.add('ENUM_ARRAY_CHANGED', 'const');
  }
  if (writer.kind === 'not' && reader.kind === 'not') compareNegated(writer.schema(), reader.schema(), comparer);
  if (writer.kind === 'conditional' && reader.kind === 'conditional') compareConditionals(writer, reader, comparer);
}

function compareNotes(writer: Notes, reader: Notes, comparer: Comparer): void {
  if (writer.id !== reader.id) comparer.add('ID_CHANGED');
  if (writer.title !== reader.title) comparer.add('TITLE_CHANGED');
  if (writer.description !== reader.description) comparer.add('DESCRIPTION_CHANGED');
  const [from, to] = [writer.defaultValue, reader.defaultValue];
  const isSame = from === undefined || to === undefined ? from === to : sameJson(from, to);
  if (!isSame) comparer.add('DEFAULT_CHANGED');
}

/** What the reader forbids has to be forbidden by the writer: the same question with the roles exchanged. */
function compareNegated(writer: Shape, reader: Shape, comparer: Comparer): void {
  const attempt = comparer.attempt(reader, writer);
  if (!attempt.compatible) comparer.add('NOT_TYPE_EXTENDED', 'not');
  else if (!attempt.meansTheSame) comparer.add('NOT_TYPE_NARROWED', 'not');
}

/** Branches can be compared only as long as the same values take them. */
function compareConditionals(
  writer: Extract<Shape, { kind: 'conditional' }>,
  reader: Extract<Shape, { kind: 'conditional' }>,
  comparer: Comparer,
): void {
  if (isChanged(writer.test(), reader.test(), comparer)) comparer.add('TYPE_CHANGED', 'if');
  compareOptional(writer.met, reader.met, 'then', comparer);
  compareOptional(writer.unmet, reader.unmet, 'else', comparer);
}

function isChanged(writer: Shape, reader: Shape, comparer: Comparer): boolean {
  return !comparer.attempt(writer, reader).meansTheSame || !comparer.attempt(reader, writer).meansTheSame;
}
