/** What a reader copes with. Every other change keeps it from reading what was written. */
const ALLOWED = [
  'MESSAGE_ADDED',
  'MESSAGE_MOVED',
  'ENUM_ADDED',
  'ENUM_REMOVED',
  'ENUM_CONST_ADDED',
  'ENUM_CONST_CHANGED',
  'ENUM_CONST_REMOVED',
  'FIELD_ADDED',
  'FIELD_REMOVED',
  'FIELD_NAME_CHANGED',
  'FIELD_STRING_OR_BYTES_LABEL_CHANGED',
  'ONEOF_ADDED',
  'ONEOF_REMOVED',
  'ONEOF_FIELD_ADDED',
  'ONEOF_FIELD_MOVED_TO_TOP_LEVEL',
] as const;
export type AllowedChangeType = (typeof ALLOWED)[number];

/** What a reader does not cope with. */
export type BreakingChangeType =
  | 'PACKAGE_CHANGED'
  | 'MESSAGE_REMOVED'
  | 'FIELD_KIND_CHANGED'
  | 'FIELD_SCALAR_KIND_CHANGED'
  | 'FIELD_NAMED_TYPE_CHANGED'
  | 'FIELD_NUMERIC_LABEL_CHANGED'
  | 'REQUIRED_FIELD_ADDED'
  | 'REQUIRED_FIELD_REMOVED'
  | 'ONEOF_FIELD_REMOVED'
  | 'MULTIPLE_FIELDS_MOVED_TO_ONEOF'
  | 'FIELD_MOVED_TO_EXISTING_ONEOF';

/** Confluent's names of what can differ between two Protobuf schemas. */
export type ChangeType = AllowedChangeType | BreakingChangeType;

/** One way in which what the reader has differs from what the writer has. */
export interface Change<T extends ChangeType = ChangeType> {
  readonly type: T;
  /** Names and numbers from the top: `#/Order/Line/3`, `#/Order/payment/4` for a member of a oneof, `#/` for the file. */
  readonly path: string;
  /** What it is about, for people: `field 3 (amount)`. */
  readonly what: string;
  /** How the writer has it, and how the reader has it, for people, where there is something to say. */
  readonly writer?: string;
  readonly reader?: string;
}

export function isBreaking(change: Change): change is Change<BreakingChangeType> {
  return !(ALLOWED as readonly ChangeType[]).includes(change.type);
}
