import { ArrayType, type AvroType, type Hook, invalid, MapType, type Path, type Tap } from './avsc-internals.ts';

/** Items that take no bytes (nulls) cannot be counted against the size of the payload. */
const EMPTY_ITEMS_MAX = 65_536;

/**
 * The number of items of the next block; 0: no more. A count beyond what the remaining bytes can hold is refused before
 * anything is allocated for it.
 */
function blockCount(tap: Tap, before: number): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (count > tap.buf.length - tap.pos && before + count > EMPTY_ITEMS_MAX) {
    throw new RangeError(`a block of ${count} items in ${Math.max(0, tap.buf.length - tap.pos)} bytes`);
  }
  return count;
}

/** An array whose counts are checked against the bytes that are there. */
export class BoundedArrayType extends ArrayType {
  override _read(tap: Tap): unknown {
    const items = this.itemsType;
    const values: unknown[] = [];
    for (let count = blockCount(tap, 0); count > 0; count = blockCount(tap, values.length)) {
      while (count-- > 0) values.push(items._read(tap));
    }
    return values;
  }

  override _skip(tap: Tap): void {
    let skipped = 0;
    for (let count = blockCount(tap, 0); count > 0; count = blockCount(tap, skipped)) {
      skipped += count;
      while (count-- > 0) this.itemsType._skip(tap);
    }
  }

  override _check(value: unknown, flags: number | undefined, hook?: Hook, path?: Path): boolean {
    if (!Array.isArray(value)) {
      hook?.(value, this);
      return false;
    }
    return allValid(this.itemsType, value.entries(), { flags, hook, path });
  }
}

/** A map whose counts are checked, too, and whose keys are only ever keys: __proto__ is one like any other. */
export class BoundedMapType extends MapType {
  override _read(tap: Tap): unknown {
    const values = this.valuesType;
    const map: Record<string, unknown> = {};
    let read = 0;
    for (let count = blockCount(tap, 0); count > 0; count = blockCount(tap, read)) {
      read += count;
      while (count-- > 0) {
        const key = tap.readString();
        const value = values._read(tap);
        if (key === '__proto__') {
          Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
        } else {
          map[key] = value;
        }
      }
    }
    return map;
  }

  override _skip(tap: Tap): void {
    let skipped = 0;
    for (let count = blockCount(tap, 0); count > 0; count = blockCount(tap, skipped)) {
      skipped += count;
      while (count-- > 0) {
        tap.skipString();
        this.valuesType._skip(tap);
      }
    }
  }

  override _write(tap: Tap, value: unknown): void {
    if (!isMap(value)) invalid(value, this);
    super._write(tap, value);
  }

  override _check(value: unknown, flags: number | undefined, hook?: Hook, path?: Path): boolean {
    if (!isMap(value)) {
      hook?.(value, this);
      return false;
    }
    return allValid(this.valuesType, Object.entries(value), { flags, hook, path });
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

interface Check {
  readonly flags: number | undefined;
  readonly hook: Hook | undefined;
  readonly path: Path | undefined;
}

function allValid(
  type: AvroType,
  entries: Iterable<[string | number, unknown]>,
  { flags, hook, path }: Check,
): boolean {
  for (const [key, value] of entries) {
    path?.push(key);
    const valid = type._check(value, flags, hook, path);
    path?.pop();
    if (!valid) return false;
  }
  return true;
}
