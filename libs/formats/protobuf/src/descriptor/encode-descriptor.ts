import { descriptorMessage, descriptorSchema } from '../options/option-target.ts';
import {
  allFields,
  type FieldPlace,
  type MessagePlace,
  resolveFieldType,
  type ResolvedType,
} from '../resolve/field-type.ts';
import { fieldName } from '../ast/message.ts';
import { WireWriter } from '../wire/wire-writer.ts';
import type { DescriptorField, DescriptorValue } from './descriptor-value.ts';

/** A message of descriptor.proto in wire format, its fields by number as protoc writes them. Fields that are undefined are absent. */
export function encodeDescriptor(messageName: string, value: DescriptorValue): Buffer {
  return encode(descriptorMessage(messageName), value);
}

interface Step {
  readonly name: string;
  readonly place: FieldPlace;
  readonly type: ResolvedType;
}

const stepsByName = new Map<string, readonly Step[]>();

/** The fields of a message by number, with their types. Found once: descriptors have many messages of few kinds. */
export function descriptorSteps(holder: MessagePlace): readonly Step[] {
  let steps = stepsByName.get(holder.fullName);
  if (steps === undefined) {
    steps = allFields(holder.message)
      .map((field) => {
        const place = { field, scope: holder.fullName, file: holder.file };
        return { name: fieldName(field), place, type: resolveFieldType(descriptorSchema(), place) };
      })
      .sort((a, b) => a.place.field.number - b.place.field.number);
    stepsByName.set(holder.fullName, steps);
  }
  return steps;
}

function encode(holder: MessagePlace, value: DescriptorValue): Buffer {
  const out = new WireWriter();
  for (const { name, place, type } of descriptorSteps(holder)) {
    const field = value[name];
    if (field === undefined) continue;
    for (const element of Array.isArray(field) ? field : [field]) encodeField(out, place.field.number, type, element);
  }
  return out.finish();
}

function encodeField(out: WireWriter, number: number, type: ResolvedType, value: DescriptorField): void {
  if (value instanceof Uint8Array) out.delimited(number, value);
  else if (type.kind === 'message') out.delimited(number, encode(type, value as DescriptorValue));
  else if (type.kind === 'enum') out.scalar(number, 'int32', BigInt(value as number));
  else if (type.kind !== 'scalar') throw new Error(`descriptor.proto has a field of kind ${type.kind}`);
  else if (typeof value === 'number' && type.name !== 'double') out.scalar(number, type.name, BigInt(value));
  else out.scalar(number, type.name, value as string | bigint | boolean | number);
}
