import type { Comparer } from './comparer.ts';
import { compareOptional } from './compare-optional.ts';
import { compareRest } from './compare-rest.ts';
import { compareLimit } from './compare-scalars.ts';
import { decimal } from './decimal.ts';
import type { ArrayShape, Shape } from './shape.ts';

const ONE = decimal('1');

export function compareArrays(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  compareLimit('MAX_ITEMS', writer.maxItems, reader.maxItems, 'maxItems', comparer);
  compareLimit('MIN_ITEMS', writer.minItems, reader.minItems, 'minItems', comparer);
  if (writer.unique !== reader.unique) {
    comparer.add(reader.unique ? 'UNIQUE_ITEMS_ADDED' : 'UNIQUE_ITEMS_REMOVED', 'uniqueItems');
  }
  compareRest('ADDITIONAL_ITEMS', writer.additional, reader.additional, 'additionalItems', comparer);
  compareOptional(writer.items, reader.items, 'items', comparer);
  compareContained(writer, reader, comparer);
  const length = Math.max(writer.tuple.length, reader.tuple.length);
  for (let index = 0; index < length; index += 1) {
    const [from, to] = [writer.tuple[index], reader.tuple[index]];
    if (from !== undefined && to !== undefined) comparer.compare(from(), to(), `items/${index}`);
    else if (from !== undefined) compareRemoved(from(), reader, `items/${index}`, comparer);
    else if (to !== undefined) compareAdded(to(), writer, `items/${index}`, comparer);
  }
}

function compareRemoved(item: Shape, reader: ArrayShape, path: string, comparer: Comparer): void {
  const { additional } = reader;
  if (additional === true) comparer.add('ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL', path);
  else if (additional === false) {
    const isImpossible = item.kind === 'never';
    comparer.add(
      isImpossible ? 'ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL' : 'ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL',
      path,
    );
  } else {
    const isCovered = comparer.attempt(item, additional()).compatible;
    comparer.add(
      isCovered
        ? 'ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
    );
  }
}

function compareAdded(item: Shape, writer: ArrayShape, path: string, comparer: Comparer): void {
  const { additional } = writer;
  if (additional === true) {
    const isEmpty = item.kind === 'any';
    comparer.add(
      isEmpty ? 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL' : 'ITEM_ADDED_TO_OPEN_CONTENT_MODEL',
      path,
    );
  } else if (additional === false) comparer.add('ITEM_ADDED_TO_CLOSED_CONTENT_MODEL', path);
  else {
    const isCovered = comparer.attempt(additional(), item).compatible;
    comparer.add(
      isCovered
        ? 'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
    );
  }
}

function compareContained(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  compareOptional(writer.contains, reader.contains, 'contains', comparer);
  if (writer.contains === undefined || reader.contains === undefined) return;
  compareLimit('MIN_ITEMS', writer.minContains ?? ONE, reader.minContains ?? ONE, 'minContains', comparer);
  compareLimit('MAX_ITEMS', writer.maxContains, reader.maxContains, 'maxContains', comparer);
  // A schema that more items fit may make them too many.
  if (reader.maxContains !== undefined && !comparer.attempt(reader.contains(), writer.contains()).compatible) {
    comparer.add('TYPE_CHANGED', 'contains');
  }
}
