/** An integer as an option has it: decimal, hexadecimal or octal, with a sign. Undefined for any other number. */
export function integerOf(text: string): bigint | undefined {
  const match = /^(-?)(?:(0[xX][0-9A-Fa-f]+)|0([0-7]+)|([0-9]+))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, decimal] = match;
  if (decimal !== undefined && /^0[0-9]/.test(decimal)) return undefined;
  const magnitude = BigInt(hex ?? (octal === undefined ? (decimal as string) : `0o${octal}`));
  return sign === '-' ? -magnitude : magnitude;
}

/** Any number as an option has it, as a double: `1`, `0x10`, `-1.5e3`, `1f`, `-inf`, `nan`. Undefined for other texts. */
export function doubleOf(text: string): number | undefined {
  const special = /^(-?)(inf|infinity|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const integer = integerOf(text);
  if (integer !== undefined) return integer === 0n && text.startsWith('-') ? -0 : Number(integer);
  return /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?$/.test(text)
    ? Number(text.replace(/[fF]$/, ''))
    : undefined;
}
