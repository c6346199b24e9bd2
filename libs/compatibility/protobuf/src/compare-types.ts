import { type Enum, mapEntryOf, type Message, type TypeDeclaration } from '#libs/formats/protobuf';
import { compareEnums } from './compare-enums.ts';
import { type Both, type Comparison, type Place, within } from './comparison.ts';

/** Compares the types that a file or a message declares: the messages by name, then the enums by name. */
export function compareTypes(comparison: Comparison, place: Place, types: Both<readonly TypeDeclaration[]>): void {
  compareMessageLists(comparison, place, {
    writer: types.writer.filter((type): type is Message => type.kind === 'message'),
    reader: types.reader.filter((type): type is Message => type.kind === 'message'),
  });
  compareEnumLists(comparison, place, {
    writer: types.writer.filter((type): type is Enum => type.kind === 'enum'),
    reader: types.reader.filter((type): type is Enum => type.kind === 'enum'),
  });
}

function compareMessageLists(comparison: Comparison, place: Place, lists: Both<readonly Message[]>): void {
  const [writers, readers] = [byName(lists.writer), byName(lists.reader)];
  const [writerOrder, readerOrder] = [orderOf(writers), orderOf(readers)];
  for (const name of new Set([...writers.keys(), ...readers.keys()])) {
    comparison.step();
    const [writer, reader] = [writers.get(name), readers.get(name)];
    const here = within(place, name);
    const what = `message ${here.path.join('.')}`;
    // A map is the same whether it is written as one or as entries, so entries alone are never missed.
    if (reader === undefined) {
      if (writer !== undefined && mapEntryOf(writer) === undefined)
        comparison.add(here, { type: 'MESSAGE_REMOVED', what });
    } else if (writer === undefined) {
      if (mapEntryOf(reader) === undefined) comparison.add(here, { type: 'MESSAGE_ADDED', what });
    } else {
      comparison.messages(here, { writer, reader });
      // Harmless: the indexes in front of an encoded message are read by the schema that wrote it.
      if (writerOrder.get(name) !== readerOrder.get(name)) {
        comparison.add(here, { type: 'MESSAGE_MOVED', what });
      }
    }
  }
}

function compareEnumLists(comparison: Comparison, place: Place, lists: Both<readonly Enum[]>): void {
  const [writers, readers] = [byName(lists.writer), byName(lists.reader)];
  for (const name of new Set([...writers.keys(), ...readers.keys()])) {
    comparison.step();
    const [writer, reader] = [writers.get(name), readers.get(name)];
    const here = within(place, name);
    const what = `enum ${here.path.join('.')}`;
    if (reader === undefined) comparison.add(here, { type: 'ENUM_REMOVED', what });
    else if (writer === undefined) comparison.add(here, { type: 'ENUM_ADDED', what });
    else compareEnums(comparison, here, { writer, reader });
  }
}

function byName<T extends { readonly name: string }>(types: readonly T[]): Map<string, T> {
  return new Map(types.map((type) => [type.name, type]));
}

/** Each name's place among the others. */
function orderOf(types: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> {
  return new Map([...types.keys()].map((name, index) => [name, index]));
}
