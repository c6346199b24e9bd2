import type { Message } from '#libs/formats/protobuf';
import { ascending } from './ascending.ts';
import { compareFields } from './compare-fields.ts';
import { compareOneofs, wholeOneofsRemoved } from './compare-oneofs.ts';
import { compareTypes } from './compare-types.ts';
import { at, type Both, type Comparison, type Place } from './comparison.ts';
import { inWords, type Member, membersOf } from './member.ts';

/**
 * Compares two messages: which fields exclude each other, then every field by its number wherever it stands, so that moving one
 * into a oneof or renaming the oneof hides no change of its type, then the types inside.
 */
export function compareMessages(comparison: Comparison, place: Place, messages: Both<Message>): void {
  const members = { writer: membersOf(messages.writer), reader: membersOf(messages.reader) };
  compareOneofs(comparison, place, messages, members);
  const gone = wholeOneofsRemoved(messages, members.reader);
  for (const number of ascending(members.writer.keys(), members.reader.keys())) {
    comparison.step();
    const [writer, reader] = [members.writer.get(number), members.reader.get(number)];
    if (reader === undefined) {
      if (writer !== undefined && !(writer.oneof !== undefined && gone.has(writer.oneof))) {
        comparison.add(placeOf(place, writer), { type: removal(writer), what: inWords(writer) });
      }
    } else if (writer === undefined) {
      comparison.add(placeOf(place, reader), { type: addition(reader), what: inWords(reader) });
    } else {
      const here = placeOf(place, reader);
      if (writer.oneof !== undefined && reader.oneof === undefined) {
        comparison.add(here, { type: 'ONEOF_FIELD_MOVED_TO_TOP_LEVEL', what: inWords(reader) });
      }
      compareFields(comparison, here, { writer, reader });
    }
  }
  compareTypes(comparison, place, { writer: messages.writer.nestedTypes, reader: messages.reader.nestedTypes });
}

function placeOf(place: Place, { number, oneof }: Member): Place {
  return oneof === undefined ? at(place, number) : at(place, oneof, number);
}

function removal({ label, oneof }: Member): 'ONEOF_FIELD_REMOVED' | 'REQUIRED_FIELD_REMOVED' | 'FIELD_REMOVED' {
  if (oneof !== undefined) return 'ONEOF_FIELD_REMOVED';
  return label === 'required' ? 'REQUIRED_FIELD_REMOVED' : 'FIELD_REMOVED';
}

function addition({ label, oneof }: Member): 'ONEOF_FIELD_ADDED' | 'REQUIRED_FIELD_ADDED' | 'FIELD_ADDED' {
  if (oneof !== undefined) return 'ONEOF_FIELD_ADDED';
  return label === 'required' ? 'REQUIRED_FIELD_ADDED' : 'FIELD_ADDED';
}
