import type { Type, Writer } from 'protobufjs';
import { SourceParts } from '../generated-function.ts';
import { PayloadMismatch } from '../payload-mismatch.ts';
import { type FieldShape, fieldShapes, isMessage, tagOf } from './field-shape.ts';
import type { Scalar } from './scalar.ts';

type WriteMessage = (writer: Writer, message: unknown) => void;

/** Messages nest in themselves: a message has its slot before its function is made. */
interface Slot {
  write: WriteMessage;
}

/** The writers of the messages of one schema. Each is a generated function, made when it is first needed. */
export class MessageEncoders {
  readonly #slots = new Map<Type, Slot>();

  /** Writes the fields of a message. Throws PayloadMismatch. */
  encoderOf(type: Type): WriteMessage {
    const slot = this.#slot(type);
    return (writer, message) => slot.write(writer, message);
  }

  #slot(type: Type): Slot {
    const known = this.#slots.get(type);
    if (known !== undefined) return known;
    const slot: Slot = { write: () => undefined };
    this.#slots.set(type, slot);
    // In the order of their numbers, as all implementations write them: equal values are equal bytes.
    const shapes = [...fieldShapes(type)].sort((a, b) => a.id - b.id);
    const parts = new SourceParts();
    const { refuse, missing, undeclared, rivals, within } = refusals(type, shapes, parts);
    const fields = shapes.map(
      (shape, index) =>
        `if ((v = o[${JSON.stringify(shape.name)}]) !== undefined) { f = ${index}; n += 1; ${this.#field(shape, parts)} }
        ${shape.required ? `else ${missing}(${index});` : ''}`,
    );
    // f: the field being written, q: the index or key within it, for the path of an error; n: members that have a field.
    slot.write = parts.build(`function (w, o) {
      let v, x, y, f = -1, q = -1, n = 0;
      try {
        if (!${parts.name(isObject)}(o)) ${refuse}(${JSON.stringify(`an object (message ${type.fullName.slice(1)})`)}, o);
        ${fields.join('\n        ')}
        f = -1;
        for (const name in o) n -= 1;
        if (n !== 0) ${undeclared}(o);
        ${shapes.some((shape) => shape.rivals.length > 0) ? `${rivals}(o);` : ''}
      } catch (error) {
        throw ${within}(error, f, q);
      }
    }`) as WriteMessage;
    return slot;
  }

  #field(shape: FieldShape, parts: SourceParts): string {
    const { id, value, repeated, packed, map, presence, delimited } = shape;
    if (map !== undefined) return this.#map(shape, parts);
    const item = (name: string): string =>
      isMessage(value) ? this.#message(id, value, delimited, name, parts) : scalar(id, value, name, parts, !packed);
    if (repeated) {
      const loop = `for (q = 0; q < v.length; q += 1) { x = v[q]; ${item('x')} } q = -1;`;
      const run = packed ? `w.uint32(${tagOf(id, 2)}).fork(); ${loop} w.ldelim();` : loop;
      return `if (!Array.isArray(v)) ${parts.name(refuse)}('an array', v); if (v.length > 0) { ${run} }`;
    }
    if (presence || isMessage(value)) return item('v');
    const write = `w.uint32(${tagOf(id, value.wireType)}); ${value.put('v', parts)};`;
    return `${test(value, 'v', parts)} if (!(${value.isZero('v', parts)})) { ${write} }`;
  }

  #message(id: number, type: Type, delimited: boolean, value: string, parts: SourceParts): string {
    const write = `${parts.name(this.#slot(type))}.write(w, ${value});`;
    if (delimited) return `w.uint32(${tagOf(id, 3)}); ${write} w.uint32(${tagOf(id, 4)});`;
    return `w.uint32(${tagOf(id, 2)}).fork(); ${write} w.ldelim();`;
  }

  #map({ id, value, map }: FieldShape, parts: SourceParts): string {
    const key = map as NonNullable<typeof map>;
    const item = isMessage(value) ? this.#message(2, value, false, 'x', parts) : scalar(2, value, 'x', parts, true);
    return `if (!${parts.name(isObject)}(v)) ${parts.name(refuse)}('an object (map)', v);
      for (q of Object.keys(v)) {
        w.uint32(${tagOf(id, 2)}).fork();
        x = ${parts.name(key.of)}(q); ${scalar(1, key.scalar, 'x', parts, true)}
        x = v[q]; ${item}
        w.ldelim();
      }
      q = -1;`;
  }
}

function test(scalar: Scalar, value: string, parts: SourceParts): string {
  return `if (!(${scalar.test(value, parts)})) ${parts.name(refuse)}(${JSON.stringify(scalar.expected)}, ${value});`;
}

function scalar(id: number, type: Scalar, value: string, parts: SourceParts, tagged: boolean): string {
  const tag = tagged ? `w.uint32(${tagOf(id, type.wireType)});` : '';
  return `${test(type, value, parts)} ${tag} ${type.put(value, parts)};`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function refuse(expected: string, value: unknown): never {
  throw new PayloadMismatch([], `${expected} expected`, value);
}

/** The names, in the source, of what a generated function calls when a value is wrong. */
function refusals(type: Type, shapes: readonly FieldShape[], parts: SourceParts) {
  const message = type.fullName.slice(1);
  const names = shapes.map(({ name }) => name);
  const declared = new Set(names);
  return {
    refuse: parts.name(refuse),
    missing: parts.name((index: number): never => {
      throw new PayloadMismatch([names[index] as string], 'is required', undefined);
    }),
    /** A member without a field would be lost without a word; one that is undefined says nothing. */
    undeclared: parts.name((value: Record<string, unknown>): void => {
      const name = Object.keys(value).find((member) => !declared.has(member) && value[member] !== undefined);
      if (name === undefined) return;
      throw new PayloadMismatch([name], `message ${message} has no such field`, value[name]);
    }),
    rivals: parts.name((value: Record<string, unknown>): void => {
      for (const { name, rivals } of shapes) {
        const rival = value[name] === undefined ? undefined : rivals.find((other) => value[other] !== undefined);
        if (rival === undefined) continue;
        throw new PayloadMismatch([rival], `only one of the oneof can be set, and ${name} is`, value[rival]);
      }
    }),
    within: parts.name((error: unknown, field: number, part: string | number): unknown => {
      if (field < 0 || !(error instanceof PayloadMismatch)) return error;
      const path = [names[field] as string, ...(part === -1 ? [] : [part]), ...error.path];
      return new PayloadMismatch(path, error.problem, error.value);
    }),
  };
}
