import { type Field, fieldName, type Group, type Label, type Message } from '#libs/formats/protobuf';

/** A field of a message with where it stands: at the top level, or in a oneof. Groups are fields too. */
export interface Member {
  readonly number: number;
  readonly name: string;
  readonly label?: Label;
  readonly field: Field | Group;
  /** The name of the oneof. The one that stands for a proto3 `optional` is none. */
  readonly oneof?: string;
}

/** The fields of a message by number, members of oneofs included. */
export function membersOf(message: Message): Map<number, Member> {
  const members = new Map<number, Member>();
  const add = (fields: readonly (Field | Group)[], oneof?: string): void => {
    for (const field of fields) {
      members.set(field.number, {
        number: field.number,
        name: fieldName(field),
        field,
        ...(field.label !== undefined && { label: field.label }),
        ...(oneof !== undefined && { oneof }),
      });
    }
  };
  add(message.fields);
  add(message.groups);
  for (const oneof of message.oneofs) {
    add(oneof.fields, oneof.name);
    add(oneof.groups, oneof.name);
  }
  return members;
}

export function inWords({ number, name }: Member): string {
  return `field ${number} (${name})`;
}
