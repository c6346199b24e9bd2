import type { Reader, Type } from 'protobufjs';
import { SourceParts } from '../generated-function.ts';
import { isClosedEnum, UNKNOWN_SYMBOL } from './enum-scalar.ts';
import { type FieldShape, fieldShapes, isMessage, tagOf } from './field-shape.ts';
import type { Scalar } from './scalar.ts';

/** As deep as Protobuf's own implementations go. */
const DEPTH_MAX = 100;

type Members = Record<string, unknown>;
/** Reads fields into a message, up to the end of the reader, or up to the tag that ends a group (0: none). */
type ReadFields = (reader: Reader, message: Members, endTag: number, depth: number) => void;

interface Slot {
  read: ReadFields;
  create: () => Members;
}

/** The readers of the messages of one schema. Each is a generated function, made when it is first needed. */
export class MessageDecoders {
  readonly #slots = new Map<Type, Slot>();

  /** Reads a message that takes all the bytes of the reader. */
  decoderOf(type: Type): (reader: Reader) => unknown {
    const slot = this.#slot(type);
    return (reader) => {
      const message = slot.create();
      slot.read(reader, message, 0, 0);
      return message;
    };
  }

  #slot(type: Type): Slot {
    const known = this.#slots.get(type);
    if (known !== undefined) return known;
    const slot: Slot = { read: () => undefined, create: () => ({}) };
    this.#slots.set(type, slot);
    const shapes = fieldShapes(type);
    slot.create = messageFactory(shapes);
    slot.read = this.#reader(type, shapes);
    return slot;
  }

  #reader(type: Type, shapes: readonly FieldShape[]): ReadFields {
    const parts = new SourceParts();
    const refuse = parts.name((problem: string): never => {
      throw new RangeError(`message ${type.fullName.slice(1)}: ${problem}`);
    });
    const required = shapes
      .filter((shape) => shape.required)
      .map(
        ({ name }) =>
          `if (o[${JSON.stringify(name)}] === undefined) ${refuse}(${JSON.stringify(`required field ${name} is missing`)});`,
      );
    return parts.build(`function (r, o, endTag, depth) {
      let v;
      if (depth > ${DEPTH_MAX}) ${refuse}('nested too deep');
      while (r.pos < r.len) {
        const tag = ${parts.name(readTag)}(r);
        switch (tag) {
          ${shapes.map((shape) => this.#cases(shape, parts)).join('\n          ')}
        }
        if (tag === endTag) { endTag = 0; break; }
        ${parts.name(skip)}(r, tag, depth);
      }
      if (endTag !== 0) ${refuse}('a group does not end');
      ${required.join('\n      ')}
    }`) as ReadFields;
  }

  /** A field can be written in more than one way: a list of numbers packed or not. */
  #cases(shape: FieldShape, parts: SourceParts): string {
    const { id, value, repeated, map, delimited, rivals } = shape;
    const member = `o[${JSON.stringify(shape.name)}]`;
    if (map !== undefined) return `case ${tagOf(id, 2)}: { ${this.#map(shape, member, parts)} continue; }`;
    const forget = rivals.map(
      (name) => `if (o[${JSON.stringify(name)}] !== undefined) delete o[${JSON.stringify(name)}];`,
    );
    if (isMessage(value)) {
      const slot = parts.name(this.#slot(value));
      // A message that comes twice, and not in a list, is merged.
      const target = repeated ? `${slot}.create(); ${member}.push(v)` : `${member} ?? ${slot}.create(); ${member} = v`;
      const read = delimited ? `${slot}.read(r, v, ${tagOf(id, 4)}, depth + 1);` : delimitedRead(slot, 'v', parts);
      return `case ${tagOf(id, delimited ? 3 : 2)}: { ${forget.join(' ')} v = ${target}; ${read} continue; }`;
    }
    if (!repeated)
      return `case ${tagOf(id, value.wireType)}: ${forget.join(' ')} ${keep(value, (read) => `${member} = ${read}`, parts)} continue;`;
    const item = keep(value, (read) => `${member}.push(${read})`, parts);
    const single = `case ${tagOf(id, value.wireType)}: ${item} continue;`;
    if (value.wireType === 2) return single;
    return `${single}
          case ${tagOf(id, 2)}: {
            const end = ${parts.name(endOf)}(r);
            while (r.pos < end) { ${item} }
            if (r.pos !== end) ${parts.name(overrun)}();
            continue;
          }`;
  }

  #map({ value, map }: FieldShape, member: string, parts: SourceParts): string {
    const key = map as NonNullable<typeof map>;
    const slot = isMessage(value) ? parts.name(this.#slot(value)) : undefined;
    const zero = isMessage(value) ? `${slot}.create()` : parts.name(value.zero);
    const read = isMessage(value) ? delimitedRead(slot as string, 'item', parts) : `item = ${value.read(parts)};`;
    return `const end = ${parts.name(endOf)}(r), outer = r.len;
      let key = ${parts.name(key.scalar.zero)}, item = ${zero};
      r.len = end;
      while (r.pos < end) {
        const part = ${parts.name(readTag)}(r);
        if (part === ${tagOf(1, key.scalar.wireType)}) key = ${key.scalar.read(parts)};
        else if (part === ${tagOf(2, isMessage(value) ? 2 : value.wireType)}) { ${read} }
        else ${parts.name(skip)}(r, part, depth);
      }
      r.len = outer;
      if (item !== ${parts.name(UNKNOWN_SYMBOL)}) ${parts.name(put)}(${member}, ${parts.name(key.text)}(key), item);`;
  }
}

/** Reads a scalar and keeps it, unless it is a number that a closed enum does not have. */
function keep(scalar: Scalar, statement: (value: string) => string, parts: SourceParts): string {
  if (!isClosedEnum(scalar)) return `${statement(scalar.read(parts))};`;
  return `if ((v = ${scalar.read(parts)}) !== ${parts.name(UNKNOWN_SYMBOL)}) ${statement('v')};`;
}

function delimitedRead(slot: string, value: string, parts: SourceParts): string {
  return `{ const end = ${parts.name(endOf)}(r), outer = r.len; r.len = end; ${slot}.read(r, ${value}, 0, depth + 1); r.len = outer; }`;
}

/** An object with all members that are always there, in one shape. */
function messageFactory(shapes: readonly FieldShape[]): () => Members {
  const parts = new SourceParts();
  const members = shapes.flatMap(({ name, map, repeated, presence, value }) => {
    if (map !== undefined) return [`[${JSON.stringify(name)}]: {}`];
    if (repeated) return [`[${JSON.stringify(name)}]: []`];
    return presence || isMessage(value) ? [] : [`[${JSON.stringify(name)}]: ${parts.name(value.zero)}`];
  });
  return parts.build(`function () { return { ${members.join()} }; }`) as () => Members;
}

function endOf(reader: Reader): number {
  const size = reader.uint32();
  const end = reader.pos + size;
  if (end > reader.len) throw new RangeError('the bytes end within a message');
  return end;
}

function readTag(reader: Reader): number {
  const tag = reader.uint32();
  if (tag >>> 3 === 0) throw new RangeError('field number 0');
  return tag;
}

function skip(reader: Reader, tag: number, depth: number): void {
  reader.skipType(tag & 7, depth, tag >>> 3);
}

function overrun(): never {
  throw new RangeError('a packed list does not end where it says');
}

/** __proto__ is a key like any other. */
function put(map: Members, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
