import { type Hook, invalid, StringType, type Tap } from './avsc-internals.ts';

/** A string that arrives as it was sent: a lone surrogate, which UTF-8 cannot carry, is refused. */
export class WellFormedStringType extends StringType {
  override _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string') invalid(value, this);
    const start = tap.pos;
    tap.writeString(value);
    // One byte for each character: nothing but ASCII, which is most texts, and a cheaper question.
    const { length } = value;
    const ascii = length + (length < 64 ? 1 : length < 8_192 ? 2 : 3);
    if (tap.pos - start !== ascii && !isWellFormed(value)) invalid(value, this);
  }

  override _check(value: unknown, _flags: number | undefined, hook?: Hook): boolean {
    const valid = typeof value === 'string' && isWellFormed(value);
    if (!valid && hook) hook(value, this);
    return valid;
  }
}

/** Whether UTF-8 can carry the text. (The method is newer than the declarations that the compiler is given.) */
export function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
