import type { NamedType } from './avro-type.ts';
import { invalidSchema } from './invalid-schema.ts';
import { sameType } from './same-type.ts';

interface Pending {
  readonly written: string;
  readonly full: string;
  readonly path: string;
  readonly put: (type: NamedType) => void;
}

/**
 * The named types of a schema and of what it references, by full name. A type is known from where its definition starts, so
 * that it can contain itself; a reference to a type that is defined later waits for `resolve`.
 */
export class NamedTypes {
  readonly #types = new Map<string, NamedType>();
  readonly #repeated: { readonly type: NamedType; readonly path: string }[] = [];
  readonly #pending: Pending[] = [];
  readonly #checks: (() => void)[] = [];

  /** Makes a definition known. A repeated one must say the same, which `resolve` checks. */
  declare(type: NamedType, path: string): void {
    if (this.#types.has(type.name.full)) this.#repeated.push({ type, path });
    else this.#types.set(type.name.full, type);
  }

  /** Hands the type that a name means to `put`, now or when all are known. A simple name is looked up in `space` first. */
  refer(written: string, space: string | undefined, path: string, put: (type: NamedType) => void): void {
    const full = space !== undefined && !written.includes('.') ? `${space}.${written}` : written;
    const found = this.#types.get(full) ?? this.#types.get(written);
    if (found) put(found);
    else this.#pending.push({ written, full, path, put });
  }

  /** Runs a check that needs every type in its place. */
  whenResolved(check: () => void): void {
    this.#checks.push(check);
  }

  /**
   * Resolves what waited, and runs the checks. Throws SCHEMA_INVALID for a name that nothing defines, and for two definitions
   * of a name that differ.
   */
  resolve(): void {
    for (const { written, full, path, put } of this.#pending.splice(0)) {
      const found = this.#types.get(full) ?? this.#types.get(written);
      if (!found) throw invalidSchema(`undefined type ${JSON.stringify(full)}`, path);
      put(found);
    }
    for (const { type, path } of this.#repeated.splice(0)) {
      const first = this.#types.get(type.name.full);
      if (first && !sameType(first, type)) {
        throw invalidSchema(`${JSON.stringify(type.name.full)} is defined again, and differently`, path);
      }
    }
    for (const check of this.#checks.splice(0)) check();
  }
}
