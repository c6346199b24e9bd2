import { schemaInvalid } from '../errors.ts';
import { descriptorMessage } from '../options/option-target.ts';
import type { MessagePlace, ResolvedType } from '../resolve/field-type.ts';
import { utf8Text } from '../parse/string-literal.ts';
import { readFields, readVarints, type WireField } from '../wire/wire-reader.ts';
import type { DescriptorValue } from './descriptor-value.ts';
import { descriptorSteps } from './encode-descriptor.ts';

type Decoded = string | number | boolean | Uint8Array | DescriptorValue;

/**
 * Reads a message of descriptor.proto. Options stay bytes, for custom ones need their extensions; fields that descriptor.proto
 * does not know are left out. Throws SCHEMA_INVALID for bytes that are no such message.
 */
export function decodeDescriptor(messageName: string, bytes: Uint8Array, depthMax: number): DescriptorValue {
  return decode(descriptorMessage(messageName), bytes, depthMax);
}

function decode(holder: MessagePlace, bytes: Uint8Array, depthMax: number): DescriptorValue {
  if (depthMax <= 0) throw schemaInvalid('The serialized descriptor is nested too deep');
  const steps = new Map(descriptorSteps(holder).map((step) => [step.place.field.number, step]));
  const value: Record<string, Decoded | Decoded[]> = {};
  for (const field of readFields(bytes, depthMax)) {
    const step = steps.get(field.number);
    if (step === undefined) continue;
    const isOptions = step.name === 'options' && step.type.kind === 'message';
    const decoded = isOptions ? field.bytes : decodeField(step.type, field, depthMax);
    if (step.place.field.label !== 'repeated') value[step.name] = decoded;
    else
      for (const element of unpacked(step.type, field, decoded)) ((value[step.name] ??= []) as Decoded[]).push(element);
  }
  return value as DescriptorValue;
}

function decodeField(type: ResolvedType, field: WireField, depthMax: number): Decoded {
  if (type.kind === 'message') return decode(type, field.bytes, depthMax - 1);
  if (type.kind === 'enum') return Number(BigInt.asIntN(32, field.value));
  if (type.kind !== 'scalar') throw new Error(`descriptor.proto has a field of kind ${type.kind}`);
  switch (type.name) {
    case 'string': {
      const text = utf8Text(field.bytes);
      if (text === undefined) throw schemaInvalid('A text in the serialized descriptor is not UTF-8');
      return text;
    }
    case 'bytes':
      return field.bytes;
    case 'bool':
      return field.value !== 0n;
    case 'double':
      return Buffer.from(new BigUint64Array([field.value]).buffer).readDoubleLE();
    default:
      // All integers of descriptor.proto that are not of 32 bits belong to uninterpreted options, which need no more than a double.
      return Number(BigInt.asIntN(64, field.value));
  }
}

/** The numbers of a packed field. */
function unpacked(type: ResolvedType, field: WireField, decoded: Decoded): Decoded[] {
  if (type.kind !== 'scalar' || type.name !== 'int32' || field.wireType !== 2) return [decoded];
  return readVarints(field.bytes).map((value) => Number(BigInt.asIntN(32, value)));
}
