import type { Message, Oneof } from '#libs/formats/protobuf';
import { at, type Both, type Comparison, type Place } from './comparison.ts';
import type { Member } from './member.ts';

type Members = ReadonlyMap<number, Member>;

/** Compares the oneofs of two messages: those that make fields exclude each other that did not, those that came and went. */
export function compareOneofs(
  comparison: Comparison,
  place: Place,
  messages: Both<Message>,
  members: Both<Members>,
): void {
  for (const oneof of messages.reader.oneofs) {
    comparison.step();
    const type = newExclusion(oneof, members.writer);
    if (type !== undefined) comparison.add(at(place, oneof.name), { type, what: `oneof ${oneof.name}` });
  }
  const [writers, readers] = [namesOf(messages.writer), namesOf(messages.reader)];
  for (const name of [...new Set([...writers, ...readers])].sort()) {
    const what = `oneof ${name}`;
    if (!readers.has(name)) comparison.add(at(place, name), { type: 'ONEOF_REMOVED', what });
    else if (!writers.has(name)) comparison.add(at(place, name), { type: 'ONEOF_ADDED', what });
  }
}

/**
 * The writer's oneofs that the reader has neither by name nor by any member. Removing one is like removing optional fields;
 * removing single members is not, because the reader would take the oneof for empty where something was set.
 */
export function wholeOneofsRemoved(messages: Both<Message>, readerMembers: Members): ReadonlySet<string> {
  const kept = namesOf(messages.reader);
  const removed = messages.writer.oneofs.filter(
    (oneof) => !kept.has(oneof.name) && !numbersOf(oneof).some((number) => readerMembers.has(number)),
  );
  return new Set(removed.map((oneof) => oneof.name));
}

/**
 * Whether a reader's oneof holds fields that a writer may have set together. Fields excluded each other before if they came from
 * one oneof; fields that the writer does not have were never set.
 */
function newExclusion(
  oneof: Oneof,
  writerMembers: Members,
): 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' | 'FIELD_MOVED_TO_EXISTING_ONEOF' | undefined {
  const before = numbersOf(oneof).flatMap((number) => writerMembers.get(number) ?? []);
  const free = before.filter((member) => member.oneof === undefined).length;
  const oneofs = new Set(before.flatMap((member) => member.oneof ?? [])).size;
  if (free + oneofs <= 1) return undefined;
  return free > 1 ? 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' : 'FIELD_MOVED_TO_EXISTING_ONEOF';
}

function numbersOf(oneof: Oneof): number[] {
  return [...oneof.fields, ...oneof.groups].map((field) => field.number);
}

function namesOf(message: Message): Set<string> {
  return new Set(message.oneofs.map((oneof) => oneof.name));
}
