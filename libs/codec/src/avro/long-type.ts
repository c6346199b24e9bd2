import {
  type AvroType,
  type CopyOptions,
  type Hook,
  invalid,
  LongType,
  type Resolver,
  type Tap,
} from './avsc-internals.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** Numbers below this in size stay exact when zigzag doubles them in floating point, as avsc does. */
const DOUBLE_SAFE = 2 ** 51;

/**
 * A long that is a bigint and loses nothing. A whole number that a double holds exactly is accepted for writing, too.
 */
export class ExactLongType extends LongType {
  override _read(tap: Tap): bigint {
    const { buf } = tap;
    let { pos } = tap;
    let byte = buf[pos++] ?? 0;
    let low = byte & 0x7f;
    for (let shift = 7; byte & 0x80 && shift < 28; shift += 7) {
      byte = buf[pos++] ?? 0;
      low |= (byte & 0x7f) << shift;
    }
    if (!(byte & 0x80)) {
      tap.pos = pos;
      return BigInt((low >>> 1) ^ -(low & 1));
    }
    let high = 0;
    for (let scale = 1; byte & 0x80; scale *= 128) {
      if (scale > 2 ** 35) throw new RangeError('a long takes more than 10 bytes');
      byte = buf[pos++] ?? 0;
      high += (byte & 0x7f) * scale;
    }
    tap.pos = pos;
    const zigzag = (BigInt(high) << 28n) | BigInt(low);
    return BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
  }

  override _write(tap: Tap, value: unknown): void {
    if (!isLong(value)) invalid(value, this);
    const number = Number(value);
    if (number > -DOUBLE_SAFE && number < DOUBLE_SAFE) tap.writeLong(number);
    else writeZigzag(tap, BigInt(value));
  }

  override _check(value: unknown, _flags: number | undefined, hook?: Hook): boolean {
    const valid = isLong(value);
    if (!valid && hook) hook(value, this);
    return valid;
  }

  override _copy(value: unknown, _options?: CopyOptions): bigint {
    return isLong(value) ? BigInt(value) : invalid(value, this);
  }

  override _update(resolver: Resolver, writer: AvroType): void {
    if (writer.typeName === 'int') resolver._read = (tap) => BigInt(writer._read(tap) as number);
    else if (writer.typeName === 'long') resolver._read = (tap) => this._read(tap);
  }
}

export function isLong(value: unknown): value is bigint | number {
  return typeof value === 'bigint' ? value >= INT64_MIN && value <= INT64_MAX : Number.isSafeInteger(value);
}

function writeZigzag(tap: Tap, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest > 0x7fn) {
    tap.buf[tap.pos++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  tap.buf[tap.pos++] = Number(rest);
}
