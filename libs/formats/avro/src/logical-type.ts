import type { JsonNode } from '#libs/formats/json-text';
import { isWhole } from './jackson-value.ts';

/** A logical type that is valid for the type that carries it. */
export type LogicalType =
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly name: PlainLogicalName };

export type PlainLogicalName = keyof typeof CARRIERS;

interface Carrier {
  readonly kind: string;
  /** Of a fixed. */
  readonly size?: number;
  readonly properties: ReadonlyMap<string, JsonNode>;
}

const onLong = ({ kind }: Carrier): boolean => kind === 'long';
const onInt = ({ kind }: Carrier): boolean => kind === 'int';

/** Which types a logical type may stand on, as Avro 1.12 has it. */
const CARRIERS = {
  'big-decimal': ({ kind }: Carrier): boolean => kind === 'bytes',
  duration: ({ kind, size }: Carrier): boolean => kind === 'fixed' && size === 12,
  uuid: ({ kind, size }: Carrier): boolean => kind === 'string' || (kind === 'fixed' && size === 16),
  date: onInt,
  'time-millis': onInt,
  'time-micros': onLong,
  'timestamp-millis': onLong,
  'timestamp-micros': onLong,
  'timestamp-nanos': onLong,
  'local-timestamp-millis': onLong,
  'local-timestamp-micros': onLong,
  'local-timestamp-nanos': onLong,
} as const;

/** The logical type that the properties of a type declare; undefined when there is none, or none that is valid here. */
function logicalTypeOf(carrier: Carrier): LogicalType | undefined {
  const declared = carrier.properties.get('logicalType');
  if (declared?.kind !== 'string') return undefined;
  if (declared.value === 'decimal') return decimalOf(carrier);
  if (!Object.hasOwn(CARRIERS, declared.value)) return undefined;
  const name = declared.value as PlainLogicalName;
  return CARRIERS[name](carrier) ? { name } : undefined;
}

/** The logical type to spread into a type: a member only when there is one. */
export function logicalMember(carrier: Carrier): { readonly logicalType?: LogicalType } {
  const logicalType = logicalTypeOf(carrier);
  return logicalType ? { logicalType } : {};
}

function decimalOf(carrier: Carrier): LogicalType | undefined {
  const precision = int32(carrier.properties.get('precision'));
  const scale = carrier.properties.has('scale') ? int32(carrier.properties.get('scale')) : 0;
  if (precision === undefined || scale === undefined) return undefined;
  const valid = precision > 0 && precision <= precisionMax(carrier) && scale >= 0 && scale <= precision;
  return valid ? { name: 'decimal', precision, scale } : undefined;
}

/** Digits that the carrier can hold: a fixed of n bytes has 8n - 1 bits beside the sign. */
function precisionMax({ kind, size }: Carrier): number {
  if (kind === 'bytes') return 2 ** 31 - 1;
  return kind === 'fixed' && size !== undefined ? Math.floor(Math.log10(2) * (8 * size - 1)) : 0;
}

/** A whole number of 32 bits, or undefined. */
export function int32(node: JsonNode | undefined): number | undefined {
  if (node?.kind !== 'number' || !isWhole(node.text)) return undefined;
  const value = Number(node.text);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined;
}
