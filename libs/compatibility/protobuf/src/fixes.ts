import type { Difference } from '#libs/compatibility/levels';
import type { BreakingChangeType, Change } from './change.ts';

type Fix = (change: Change) => Difference['fix'];

const NEW_NUMBER = 'or give the new one a number of its own and leave the old one as it is';

/** The same advice from both directions, in which only the old way differs: the writer's, or the reader's. */
const backTo =
  (advice: (was: string, what: string) => string): Fix =>
  ({ what, writer = '', reader = '' }) => ({
    ifReaderIsNew: advice(writer, what),
    ifWriterIsNew: advice(reader, what),
  });

const FIXES: Readonly<Record<BreakingChangeType, Fix>> = {
  PACKAGE_CHANGED: backTo((was) =>
    was === '' ? 'Leave the package out, as the old schema does.' : `Keep the package ${was} of the old schema.`,
  ),
  MESSAGE_REMOVED: ({ what }) => ({
    ifReaderIsNew: `Put the ${what} back; it may stay unused.`,
    ifWriterIsNew: `Leave out the ${what}, which readers with the old schema do not know, or declare it in a file that this one imports.`,
  }),
  FIELD_KIND_CHANGED: backTo((was, what) => `Keep ${what} of type ${was}, ${NEW_NUMBER}.`),
  FIELD_SCALAR_KIND_CHANGED: backTo((was, what) => `Keep ${what} of type ${was}, ${NEW_NUMBER}.`),
  FIELD_NAMED_TYPE_CHANGED: backTo(
    (was, what) => `Keep ${what} of type ${was}, with what is inside of that type compatible, ${NEW_NUMBER}.`,
  ),
  FIELD_NUMERIC_LABEL_CHANGED: backTo((was, what) => `Keep ${what} ${was}, ${NEW_NUMBER}.`),
  REQUIRED_FIELD_ADDED: ({ what }) => ({
    ifReaderIsNew: `Make ${what} optional: what was written before does not have it.`,
    ifWriterIsNew: `Put the required ${what} back: readers with the old schema refuse a message without it.`,
  }),
  REQUIRED_FIELD_REMOVED: ({ what }) => ({
    ifReaderIsNew: `Put the required ${what} back.`,
    ifWriterIsNew: `Make ${what} optional: readers with the old schema do not have it.`,
  }),
  ONEOF_FIELD_REMOVED: ({ what }) => ({
    ifReaderIsNew: `Put ${what} back into its oneof, or declare it outside of one; it can be marked as deprecated.`,
    ifWriterIsNew: `Declare ${what} outside of the oneof: a reader with the old schema would take the oneof for empty.`,
  }),
  MULTIPLE_FIELDS_MOVED_TO_ONEOF: ({ what }) => ({
    ifReaderIsNew: `Move at most one existing field into the ${what}: the others may have been written together with it.`,
    ifWriterIsNew: `Keep in the ${what} the fields that the old schema has there: its readers keep only one of them.`,
  }),
  FIELD_MOVED_TO_EXISTING_ONEOF: ({ what }) => ({
    ifReaderIsNew: `Leave the field outside of the ${what}, whose other fields may have been written together with it.`,
    ifWriterIsNew: `Keep in the ${what} the fields that the old schema has there: its readers keep only one of them.`,
  }),
};

/** The smallest change of the new schema that mends a change that is not allowed, as seen from either direction. */
export function fixOf(change: Change<BreakingChangeType>): Difference['fix'] {
  return FIXES[change.type](change);
}
