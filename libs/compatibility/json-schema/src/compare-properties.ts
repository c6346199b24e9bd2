import type { Comparer } from './comparer.ts';
import { certainOf, demandedOf, type Governing } from './content-model.ts';
import type { Child, ObjectShape, Shape } from './shape.ts';

/** A property that the reader no longer declares: what the rest of the reader's schema makes of it. */
export function compareRemovedProperty(name: string, from: Shape, reader: ObjectShape, comparer: Comparer): void {
  compareRemoved('PROPERTY', from, demandedOf(name, reader, comparer), `properties/${name}`, comparer);
}

/** Something that the reader no longer declares, and what it asks of such values instead. */
export function compareRemoved(
  what: 'PROPERTY' | 'ITEM',
  from: Shape,
  rest: Governing,
  path: string,
  comparer: Comparer,
): void {
  if (rest === true) comparer.add(`${what}_REMOVED_FROM_OPEN_CONTENT_MODEL`, path);
  else if (rest === false) {
    const isImpossible = from.kind === 'never';
    comparer.add(
      isImpossible
        ? `${what}_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL`
        : `${what}_REMOVED_FROM_CLOSED_CONTENT_MODEL`,
      path,
    );
  } else {
    const attempts = rest.map((each) => comparer.attempt(from, each()));
    for (const attempt of attempts) comparer.take(attempt, path);
    const isCovered = attempts.every(({ compatible }) => compatible);
    comparer.add(`${what}_REMOVED_${isCovered ? 'IS' : 'NOT'}_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path);
  }
}

/** Something that the writer did not declare, and the schemas that what it may have sent all the same fits. */
export function compareCovered(
  what: 'PROPERTY' | 'ITEM',
  sent: readonly Child[],
  to: Shape,
  path: string,
  comparer: Comparer,
): void {
  // One of the schemas is enough: the values fit all of them.
  const attempts = sent.map((each) => comparer.attempt(each(), to));
  const covering = attempts.find(({ compatible }) => compatible);
  comparer.take(covering ?? attempts[0]!, path);
  comparer.add(`${what}_ADDED_${covering ? 'IS' : 'NOT'}_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path);
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
  const sent = certainOf(name, writer, comparer);
  if (sent === true && to.kind === 'any') {
    comparer.add('PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL', path);
    // Any value is fine, but it may be missing.
    if (isRequired && !hasDefault) comparer.add('REQUIRED_ATTRIBUTE_ADDED', `required/${name}`);
  } else if (sent === true) comparer.add(`${need}_ADDED_TO_OPEN_CONTENT_MODEL`, path);
  else {
    if (sent !== false) compareCovered('PROPERTY', sent, to, path, comparer);
    comparer.add(`${need}_ADDED_TO_UNOPEN_CONTENT_MODEL`, path);
  }
}
