import type { AvroType, RecordType } from './avro-type.ts';

export interface FoundRecord {
  readonly record: RecordType;
  /** Where it is used first, as a JSON pointer; the root is empty. */
  readonly path: string;
}

/** Every record of a schema and of what it references, each once, in the order of the text. */
export function* recordsOf(type: AvroType, path = '', seen = new Set<AvroType>()): Generator<FoundRecord, void> {
  if (type.kind === 'array') yield* recordsOf(type.items, `${path}/items`, seen);
  if (type.kind === 'map') yield* recordsOf(type.values, `${path}/values`, seen);
  if (type.kind === 'union') {
    for (const [index, branch] of type.branches.entries()) yield* recordsOf(branch, `${path}/${index}`, seen);
  }
  if (type.kind !== 'record' || seen.has(type)) return;
  seen.add(type);
  yield { record: type, path };
  for (const [index, field] of type.fields.entries()) {
    yield* recordsOf(field.type, `${path}/fields/${index}/type`, seen);
  }
}
