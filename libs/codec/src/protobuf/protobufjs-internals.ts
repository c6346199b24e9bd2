import type { Enum, Field } from 'protobufjs';

interface Features {
  readonly enum_type?: string;
  readonly utf8_validation?: string;
}

/** The features of syntax and edition as protobufjs resolved them; its declarations leave them out. */
function featuresOf(object: object): Features {
  return (object as { _features?: Features })._features ?? {};
}

/** Whether numbers without a name are no values of the enum (proto2). */
export function isClosed(type: Enum): boolean {
  return featuresOf(type).enum_type === 'CLOSED';
}

export function verifiesUtf8(field: Field): boolean {
  return featuresOf(field).utf8_validation === 'VERIFY';
}

/** Whether an absent field differs from one that is zero: optional, oneof members, messages, all of proto2. */
export function hasPresence(field: Field): boolean {
  return Boolean((field as unknown as { hasPresence: boolean | object }).hasPresence);
}

/** Whether a message is written between two tags (groups), not behind its length. */
export function isDelimited(field: Field): boolean {
  return (field as unknown as { delimited: boolean }).delimited;
}
