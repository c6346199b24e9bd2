import type { Comparer } from './comparer.ts';
import { compareOptional } from './compare-optional.ts';
import { comparePatterns } from './compare-patterns.ts';
import { compareAddedProperty, compareRemovedProperty } from './compare-properties.ts';
import { compareRest } from './compare-rest.ts';
import { compareLimit } from './compare-scalars.ts';
import { compareUnevaluatedProperties } from './compare-unevaluated.ts';
import { restSent } from './content-model.ts';
import type { ObjectShape } from './shape.ts';

export function compareObjects(writer: ObjectShape, reader: ObjectShape, comparer: Comparer): void {
  compareOptional(writer.propertyNames, reader.propertyNames, 'propertyNames', comparer);
  compareLimit('MAX_PROPERTIES', writer.maxProperties, reader.maxProperties, 'maxProperties', comparer);
  compareLimit('MIN_PROPERTIES', writer.minProperties, reader.minProperties, 'minProperties', comparer);
  const sent = reader.additional === true ? writer.additional : restSent(writer);
  compareRest('ADDITIONAL_PROPERTIES', sent, reader.additional, 'additionalProperties', comparer);
  compareUnevaluatedProperties(writer, reader, comparer);
  compareDependencies(writer, reader, comparer);
  for (const [name, from] of writer.properties) {
    const to = reader.properties.get(name);
    if (to === undefined) compareRemovedProperty(name, from(), reader, comparer);
    else comparer.compare(from(), to(), `properties/${name}`);
  }
  for (const [name, to] of reader.properties) {
    if (!writer.properties.has(name)) compareAddedProperty(name, to(), writer, reader, comparer);
  }
  comparePatterns(writer, reader, comparer);
  compareRequired(writer, reader, comparer);
}

/** Names that both know or neither does; those of properties that one has added are judged with the property. */
function compareRequired(writer: ObjectShape, reader: ObjectShape, comparer: Comparer): void {
  comparer.spend((writer.required.size + reader.required.size) / 8);
  for (const name of reader.required) {
    const isAdded = reader.properties.has(name) && !writer.properties.has(name);
    if (writer.required.has(name) || isAdded) continue;
    const hasDefault = reader.properties.get(name)?.().notes.defaultValue !== undefined;
    comparer.add(hasDefault ? 'REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED' : 'REQUIRED_ATTRIBUTE_ADDED', `required/${name}`);
  }
  for (const name of writer.required) {
    const isRemoved = writer.properties.has(name) && !reader.properties.has(name);
    if (!reader.required.has(name) && !isRemoved) comparer.add('REQUIRED_ATTRIBUTE_REMOVED', `required/${name}`);
  }
}

function compareDependencies(writer: ObjectShape, reader: ObjectShape, comparer: Comparer): void {
  for (const [name, from] of writer.dependentNames) {
    const to = reader.dependentNames.get(name);
    comparer.spend((from.size + (to?.size ?? 0)) / 8);
    const path = `dependencies/${name}`;
    if (to === undefined) {
      comparer.add('DEPENDENCY_ARRAY_REMOVED', path);
      continue;
    }
    const keepsAll = [...from].every((each) => to.has(each));
    const addsNone = [...to].every((each) => from.has(each));
    if (keepsAll && !addsNone) comparer.add('DEPENDENCY_ARRAY_EXTENDED', path);
    if (!keepsAll) comparer.add(addsNone ? 'DEPENDENCY_ARRAY_NARROWED' : 'DEPENDENCY_ARRAY_CHANGED', path);
  }
  for (const [name, names] of reader.dependentNames) {
    const isNew = !writer.dependentNames.has(name) && names.size > 0;
    if (isNew) comparer.add('DEPENDENCY_ARRAY_ADDED', `dependencies/${name}`);
  }
  for (const [name, from] of writer.dependentSchemas) {
    const to = reader.dependentSchemas.get(name);
    if (to === undefined) comparer.add('DEPENDENCY_SCHEMA_REMOVED', `dependencies/${name}`);
    else comparer.compare(from(), to(), `dependencies/${name}`);
  }
  for (const [name, to] of reader.dependentSchemas) {
    const isNew = !writer.dependentSchemas.has(name) && to().kind !== 'any';
    if (isNew) comparer.add('DEPENDENCY_SCHEMA_ADDED', `dependencies/${name}`);
  }
}
