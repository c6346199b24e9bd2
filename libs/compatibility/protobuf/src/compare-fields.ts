import { type Label, localName, type TypeSymbol } from '#libs/formats/protobuf';
import type { ChangeType } from './change.ts';
import { type Both, type Comparison, type Place, type Scope, within } from './comparison.ts';
import { type FieldKind, kindOfField, kindOfType } from './field-kind.ts';
import { inWords, type Member } from './member.ts';

type Kinds<K extends FieldKind['kind'] = FieldKind['kind']> = Both<Extract<FieldKind, { kind: K }>>;

/** Compares two fields of one number. */
export function compareFields(comparison: Comparison, place: Place, fields: Both<Member>): void {
  const { writer, reader } = fields;
  const what = inWords(reader);
  if (writer.name !== reader.name) {
    comparison.add(place, { type: 'FIELD_NAME_CHANGED', what, writer: writer.name, reader: reader.name });
  }
  const kinds = {
    writer: kindOfField(comparison.schemas.writer, writer.field, place.scope.writer),
    reader: kindOfField(comparison.schemas.reader, reader.field, place.scope.reader),
  };
  compareKinds(comparison, place, what, kinds, { writer: writer.label, reader: reader.label });
}

function compareKinds(comparison: Comparison, place: Place, what: string, kinds: Kinds, labels: Labels): void {
  comparison.step();
  if (bothAre('scalar', kinds)) compareScalars(comparison, place, what, kinds, labels);
  else if (bothAre('message', kinds)) compareNamed(comparison, place, what, kinds);
  else if (bothAre('map', kinds)) compareMaps(comparison, place, what, kinds);
  else if (bothAre('group', kinds)) {
    // A group's message has its own name as a scope; a new name is a new name of the field, which was reported.
    const inside = within(place, kinds.reader.name);
    const scope = { ...inside.scope, writer: within(place, kinds.writer.name).scope.writer };
    comparison.messages(
      { path: place.path, scope },
      {
        writer: kinds.writer.message,
        reader: kinds.reader.message,
      },
    );
  } else change(comparison, place, 'FIELD_KIND_CHANGED', what, kinds);
}

type Labels = Both<Label | undefined>;

/** A label that one side leaves out says nothing: proto3 and proto2 then mean the same bytes by it or none. */
function compareScalars(
  comparison: Comparison,
  place: Place,
  what: string,
  kinds: Kinds<'scalar'>,
  labels: Labels,
): void {
  if (kinds.writer.scalar !== kinds.reader.scalar) {
    change(comparison, place, 'FIELD_SCALAR_KIND_CHANGED', what, kinds);
    return;
  }
  const { writer, reader } = labels;
  if (writer === undefined || reader === undefined || writer === reader) return;
  const text = kinds.reader.scalar === 'STRING_OR_BYTES';
  const type = text ? 'FIELD_STRING_OR_BYTES_LABEL_CHANGED' : 'FIELD_NUMERIC_LABEL_CHANGED';
  comparison.add(place, { type, what, writer, reader });
}

function compareMaps(comparison: Comparison, place: Place, what: string, kinds: Kinds<'map'>): void {
  for (const part of ['key', 'value'] as const) {
    const parts = {
      writer: kindOfType(comparison.schemas.writer, kinds.writer[part], place.scope.writer),
      reader: kindOfType(comparison.schemas.reader, kinds.reader[part], place.scope.reader),
    };
    compareKinds(comparison, place, `the ${part} of ${what}`, parts, { writer: undefined, reader: undefined });
  }
}

/**
 * Compares the messages that two fields name. The package does not count, it is judged once for the file. The schema's own
 * messages are compared where they are declared; what is imported is compared here, because nothing else would.
 */
function compareNamed(comparison: Comparison, place: Place, what: string, kinds: Kinds<'message'>): void {
  const [writer, reader] = [kinds.writer.type, kinds.reader.type];
  const same =
    writer === undefined || reader === undefined
      ? kinds.writer.written === kinds.reader.written
      : localName(writer) === localName(reader) && messagesMatch(comparison, { writer, reader });
  if (!same) change(comparison, place, 'FIELD_NAMED_TYPE_CHANGED', what, kinds);
}

function messagesMatch(comparison: Comparison, types: Both<TypeSymbol>): boolean {
  const { schemas } = comparison;
  if (types.writer.file === schemas.writer.file && types.reader.file === schemas.reader.file) return true;
  const [writer, reader] = [types.writer.type, types.reader.type];
  if (writer === reader || writer.kind !== 'message' || reader.kind !== 'message') return true;
  const scopeOf = ({ fullName, file }: TypeSymbol): Scope => ({ name: fullName, file });
  const scope = { writer: scopeOf(types.writer), reader: scopeOf(types.reader) };
  return comparison.imported({ path: localName(types.reader).split('.'), scope }, { writer, reader });
}

function bothAre<K extends FieldKind['kind']>(kind: K, kinds: Kinds): kinds is Kinds<K> {
  return kinds.writer.kind === kind && kinds.reader.kind === kind;
}

function change(comparison: Comparison, place: Place, type: ChangeType, what: string, kinds: Kinds): void {
  comparison.add(place, { type, what, writer: kinds.writer.name, reader: kinds.reader.name });
}
