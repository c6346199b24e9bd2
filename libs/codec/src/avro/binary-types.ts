import { asBuffer } from '../as-buffer.ts';
import { BytesType, type CopyOptions, FixedType, type Hook, invalid, type Tap } from './avsc-internals.ts';

/** Bytes: read as a Buffer, written from any Uint8Array. */
export class BinaryType extends BytesType {
  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array)) invalid(value, this);
    tap.writeBytes(asBuffer(value));
  }

  override _check(value: unknown, _flags: number | undefined, hook?: Hook): boolean {
    const valid = value instanceof Uint8Array;
    if (!valid && hook) hook(value, this);
    return valid;
  }

  override _copy(value: unknown, options?: CopyOptions): unknown {
    return super._copy(value instanceof Uint8Array ? asBuffer(value) : value, options);
  }
}

/** As BinaryType, of one length. */
export class FixedBinaryType extends FixedType {
  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array) || value.length !== this.size) invalid(value, this);
    tap.writeFixed(asBuffer(value), this.size);
  }

  override _check(value: unknown, _flags: number | undefined, hook?: Hook): boolean {
    const valid = value instanceof Uint8Array && value.length === this.size;
    if (!valid && hook) hook(value, this);
    return valid;
  }

  override _copy(value: unknown, options?: CopyOptions): unknown {
    return super._copy(value instanceof Uint8Array ? asBuffer(value) : value, options);
  }
}
