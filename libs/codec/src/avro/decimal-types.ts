import { bigintOfBytes, bytesOfBigint, decimalText, unscaledOf } from '../decimal-text.ts';
import {
  type AvroType,
  type CopyOptions,
  type ForSchemaOptions,
  type Hook,
  invalid,
  type Resolver,
  type Tap,
} from './avsc-internals.ts';
import { BinaryType, FixedBinaryType } from './binary-types.ts';

interface DecimalSchema {
  readonly type: string;
  readonly logicalType?: unknown;
  readonly precision?: unknown;
  readonly scale?: unknown;
}

/**
 * The type of a schema with logicalType decimal: its value is the exact text, such as "-12.50". Undefined if the schema is
 * none, or says impossible things of its digits, in which case the specification makes it plain bytes.
 */
export function decimalType(schema: DecimalSchema, options: ForSchemaOptions): AvroType | undefined {
  if (schema.logicalType !== 'decimal' || (schema.type !== 'bytes' && schema.type !== 'fixed')) return undefined;
  const { precision, scale = 0 } = schema;
  if (!isCount(precision) || !isCount(scale) || precision < 1 || scale > precision) return undefined;
  const Base = schema.type === 'bytes' ? BinaryType : FixedBinaryType;
  return new (asDecimal(Base, precision, scale))(schema, options);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10_000;
}

/** avsc freezes its types as they are built, so precision and scale belong to the class. */
function asDecimal(Base: typeof BinaryType | typeof FixedBinaryType, precision: number, scale: number) {
  return class DecimalType extends (Base as typeof FixedBinaryType) {
    get isDecimal(): boolean {
      return true;
    }

    override _read(tap: Tap): unknown {
      const bytes = super._read(tap) as Buffer | undefined;
      return bytes && decimalText(bigintOfBytes(bytes), scale);
    }

    override _write(tap: Tap, value: unknown): void {
      super._write(tap, this.bytesOf(value) ?? invalid(value, this));
    }

    override _check(value: unknown, _flags: number | undefined, hook?: Hook): boolean {
      const valid = this.bytesOf(value) !== undefined;
      if (!valid && hook) hook(value, this);
      return valid;
    }

    override _copy(value: unknown, options?: CopyOptions): unknown {
      if (options?.coerce !== 2) return this._check(value, undefined) ? value : invalid(value, this);
      return decimalText(bigintOfBytes(super._copy(value, options) as Buffer), scale);
    }

    /** Bytes that another decimal type wrote have its scale; the text is exact either way. */
    override _update(resolver: Resolver, writer: AvroType, options: object): void {
      super._update(resolver, writer, options);
      if (resolver._read !== null && 'isDecimal' in writer) resolver._read = (tap) => writer._read(tap);
    }

    bytesOf(value: unknown): Buffer | undefined {
      const unscaled = typeof value === 'string' ? unscaledOf(value, scale, precision) : undefined;
      return unscaled === undefined ? undefined : bytesOfBigint(unscaled, this.size);
    }

    describe(): string {
      return `a decimal text with at most ${precision} digits, ${scale} of them behind the point,`;
    }
  };
}
