import type { Enum } from 'protobufjs';
import { isClosed } from './protobufjs-internals.ts';
import type { Scalar } from './scalar.ts';

/** Read for a number that a closed enum does not have: the field counts as unknown. */
export const UNKNOWN_SYMBOL = Symbol('unknown enum value');

/**
 * An enum as the names of its values. A number without a name stays a number if the enum is open, as those of proto3 are; of
 * names for one number the first is read, and each can be written.
 */
export function enumScalar(type: Enum): Scalar & { readonly closed: boolean } {
  const numbers = new Map(Object.entries(type.values));
  const names = new Map(Object.entries(type.valuesById).map(([number, name]) => [Number(number), name]));
  const closed = isClosed(type);
  const nameOf = (number: number): unknown => names.get(number) ?? (closed ? UNKNOWN_SYMBOL : number);
  /** Undefined for what is no value of the enum. */
  const numberOf = (value: unknown): number | undefined => {
    if (typeof value === 'string') return numbers.get(value);
    if (typeof value !== 'number' || (value | 0) !== value) return undefined;
    return closed && !names.has(value) ? undefined : value;
  };
  return {
    closed,
    wireType: 0,
    zero: names.get(0) ?? Object.keys(type.values)[0],
    expected: `one of ${[...numbers.keys()].slice(0, 20).join(', ')}`,
    test: (value, parts) => `(y = ${parts.name(numberOf)}(${value})) !== undefined`,
    isZero: () => 'y === 0',
    put: () => 'w.int32(y)',
    read: (parts) => `${parts.name(nameOf)}(r.int32())`,
  };
}

export function isClosedEnum(scalar: Scalar): boolean {
  return 'closed' in scalar && scalar.closed === true;
}
