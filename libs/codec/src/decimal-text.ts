const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The unscaled value of a decimal text such as -12.50. Undefined when it is no plain decimal, or needs more digits behind
 * the point than `scale`, or more digits in all than `precision` (0: any number): nothing is rounded.
 */
export function unscaledOf(text: string, scale: number, precision: number): bigint | undefined {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const beyond = fraction.slice(scale);
  if (/[1-9]/.test(beyond)) return undefined;
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if (precision > 0 && digits.toString().length > precision) return undefined;
  return sign === '-' ? -digits : digits;
}

/** An unscaled value as exact text, with `scale` digits behind the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? '-' : ''}${scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`}`;
}

/** A two's complement, big-endian number. No bytes: zero. */
export function bigintOfBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

/** The shortest two's complement, big-endian form, or that of `length` bytes; undefined if it does not fit there. */
export function bytesOfBigint(value: bigint, length?: number): Buffer | undefined {
  const magnitude = value < 0n ? ~value : value;
  const needed = Math.floor(magnitude === 0n ? 0 : magnitude.toString(2).length / 8) + 1;
  const size = length ?? needed;
  if (size < needed) return undefined;
  const hex = BigInt.asUintN(size * 8, value).toString(16);
  return Buffer.from(hex.padStart(size * 2, '0'), 'hex');
}
