import type { Enum } from '#libs/formats/protobuf';
import { at, type Both, type Comparison, type Place } from './comparison.ts';
import { ascending } from './ascending.ts';

/** Compares the values of two enums by number. None of it keeps a reader from reading: unknown numbers stay numbers. */
export function compareEnums(comparison: Comparison, place: Place, enums: Both<Enum>): void {
  const names = (side: Enum): Map<number, string> => new Map(side.values.map(({ number, name }) => [number, name]));
  const [writers, readers] = [names(enums.writer), names(enums.reader)];
  for (const number of ascending(writers.keys(), readers.keys())) {
    comparison.step();
    const [writer, reader] = [writers.get(number), readers.get(number)];
    const what = `value ${number} (${reader ?? writer ?? ''})`;
    const here = at(place, number);
    if (reader === undefined) comparison.add(here, { type: 'ENUM_CONST_REMOVED', what });
    else if (writer === undefined) comparison.add(here, { type: 'ENUM_CONST_ADDED', what });
    else if (writer !== reader) comparison.add(here, { type: 'ENUM_CONST_CHANGED', what, writer, reader });
  }
}
