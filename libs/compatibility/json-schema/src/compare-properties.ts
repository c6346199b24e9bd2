import type { ChangeType } from './change-type.ts';
import type { Comparer } from './comparer.ts';
import { certainOf, demandedOf } from './content-model.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** A property that the reader no longer declares: what the rest of the reader's schema makes of it. */
export function compareRemovedProperty(name: string, from: Shape, reader: ObjectShape, comparer: Comparer): void {
  comparer.add(removedType(name, from, reader, comparer), `properties/${name}`);
}

function removedType(name: string, from: Shape, reader: ObjectShape, comparer: Comparer): ChangeType {
  const rest = demandedOf(name, reader);
  if (rest === true) return 'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL';
  if (rest === false) {
    return from.kind === 'never'
      ? 'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL'
      : 'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL';
  }
  const isCovered = rest.every((each) => comparer.attempt(from, each()).compatible);
  return isCovered
    ? 'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
    : 'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL';
}

/** A property that the writer did not declare: what it may have sent under that name all the same. */
export function compareAddedProperty(
  name: string,
  to: Shape,
  writer: ObjectShape,
  reader: ObjectShape,
  comparer: Comparer,
): void {
  const path = `properties/${name}`;
  const hasDefault = to.notes.defaultValue !== undefined;
  const isRequired = reader.required.has(name) && !writer.required.has(name);
  const need = !isRequired ? 'OPTIONAL_PROPERTY' : hasDefault ? 'REQUIRED_PROPERTY_WITH_DEFAULT' : 'REQUIRED_PROPERTY';
  const rest = certainOf(name, writer);
  if (rest === false) {
    comparer.add(`${need}_ADDED_TO_UNOPEN_CONTENT_MODEL`, path);
    return;
  }
  if (rest === true && to.kind !== 'any') {
    comparer.add(`${need}_ADDED_TO_OPEN_CONTENT_MODEL`, path);
    return;
  }
  if (rest === true) comparer.add('PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL', path);
  else {
    // One of the schemas that held for the name is enough: the values fit all of them.
    const isCovered = rest.some((each) => comparer.attempt(each(), to).compatible);
    comparer.add(
      isCovered
        ? 'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      path,
    );
  }
  // The value is fine whenever it is there, but it may be missing.
  if (isRequired && !hasDefault) comparer.add('REQUIRED_ATTRIBUTE_ADDED', `required/${name}`);
}
