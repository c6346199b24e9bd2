import type { Comparer } from './comparer.ts';
import { compareOptional } from './compare-optional.ts';
import { compareRest } from './compare-rest.ts';
import { compareCovered, compareRemoved } from './compare-properties.ts';
import { compareLimit } from './compare-scalars.ts';
import { compareUnevaluatedItems } from './compare-unevaluated.ts';
import { itemsSent, itemsTaken } from './content-model.ts';
import { type Decimal, decimal } from './decimal.ts';
import type { ArrayShape, Shape } from './shape.ts';

const ONE = decimal('1');

export function compareArrays(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  compareLimit('MAX_ITEMS', writer.maxItems, reader.maxItems, 'maxItems', comparer);
  compareLimit('MIN_ITEMS', writer.minItems, reader.minItems, 'minItems', comparer);
  if (writer.unique !== reader.unique) {
    comparer.add(reader.unique ? 'UNIQUE_ITEMS_ADDED' : 'UNIQUE_ITEMS_REMOVED', 'uniqueItems');
  }
  const sent = reader.additional === true ? writer.additional : itemsSent(writer);
  compareRest('ADDITIONAL_ITEMS', sent, reader.additional, 'additionalItems', comparer);
  compareUnevaluatedItems(writer, reader, comparer);
  compareOptional(writer.items, reader.items, 'items', comparer);
  compareContained(writer, reader, comparer);
  const length = Math.max(writer.tuple.length, reader.tuple.length);
  for (let index = 0; index < length; index += 1) {
    const [from, to] = [writer.tuple[index], reader.tuple[index]];
    if (from !== undefined && to !== undefined) comparer.compare(from(), to(), `items/${index}`);
    else if (from !== undefined) {
      const rest = itemsTaken(reader, index);
      compareRemoved('ITEM', from(), typeof rest === 'boolean' ? rest : [rest], `items/${index}`, comparer);
    } else if (to !== undefined) compareAdded(to(), writer, `items/${index}`, comparer);
  }
}

function compareAdded(item: Shape, writer: ArrayShape, path: string, comparer: Comparer): void {
  const sent = itemsSent(writer);
  if (sent === true) {
    const isEmpty = item.kind === 'any';
    comparer.add(
      isEmpty ? 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL' : 'ITEM_ADDED_TO_OPEN_CONTENT_MODEL',
      path,
    );
  } else if (sent === false) comparer.add('ITEM_ADDED_TO_CLOSED_CONTENT_MODEL', path);
  else compareCovered('ITEM', [sent], item, path, comparer);
}

/** From 2019-09 on the counts stand for the keyword: at least one item has to fit where nothing else is said. */
function compareContained(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  if (writer.contains === undefined && reader.contains === undefined) return;
  const counted = (side: ArrayShape): boolean => side.contains === undefined || side.countsContained;
  if (counted(writer) && counted(reader)) compareContainedCounts(writer, reader, comparer);
  else {
    // Even the schema that every item fits asks for an item.
    if (writer.contains === undefined) comparer.add('SCHEMA_ADDED', 'contains');
    else compareOptional(writer.contains, reader.contains, 'contains', comparer);
    if (writer.contains !== undefined && reader.contains !== undefined)
      compareContainedCounts(writer, reader, comparer);
  }
}

function compareContainedCounts(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  const [from, to] = [leastContained(writer), leastContained(reader)];
  compareLimit('MIN_CONTAINS', from, to, 'minContains', comparer);
  compareLimit('MAX_CONTAINS', writer.maxContains, reader.maxContains, 'maxContains', comparer);
  if (writer.contains === undefined || reader.contains === undefined) return;
  if (reader.countsContained && writer.countsContained)
    comparer.compare(writer.contains(), reader.contains(), 'contains');
  // A schema that more items fit may make them too many.
  if (reader.maxContains !== undefined && !comparer.attempt(reader.contains(), writer.contains()).compatible) {
    comparer.add('TYPE_CHANGED', 'contains');
  }
}

function leastContained({ contains, minContains }: ArrayShape): Decimal | undefined {
  return contains === undefined ? undefined : (minContains ?? ONE);
}
