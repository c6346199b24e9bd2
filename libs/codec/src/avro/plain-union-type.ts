import {
  type AvroType,
  type CopyOptions,
  type ForSchemaOptions,
  type Hook,
  invalid,
  type Path,
  type Resolver,
  type Tap,
  UnionType,
} from './avsc-internals.ts';
import { type BranchKind, kindOfType, kindOfValue } from './branch-kind.ts';

interface Branches {
  /** True when two branches have values of one kind: then a value says its branch, { "name": value }. */
  readonly wrapped: boolean;
  readonly indexByKind: ReadonlyMap<BranchKind, number>;
  readonly indexByName: ReadonlyMap<string, number>;
}

/** avsc freezes some types as they are built; what this one knows beyond that is kept beside it. */
const BRANCHES = new WeakMap<object, Branches>();

/**
 * A union whose values are plain wherever their JavaScript kind tells the branch: null, boolean, number (int, float,
 * double), bigint (long), string (string, enum, decimal), bytes (bytes, fixed), array, object (record, map). A union with
 * two branches of one kind wraps its values, but never null: { "com.example.Card": {...} }, by the branch's full name.
 */
export class PlainUnionType extends UnionType {
  constructor(schema: readonly unknown[], options: ForSchemaOptions) {
    super(schema, options);
    Object.setPrototypeOf(this._branchIndices, null);
    const kinds = this.types.map(kindOfType);
    const indexByKind = new Map(kinds.map((kind, index) => [kind, index]));
    // A whole number is good enough for a long where nothing else wants numbers.
    const long = indexByKind.get('bigint');
    if (long !== undefined && !indexByKind.has('number')) indexByKind.set('number', long);
    BRANCHES.set(this, {
      wrapped: new Set(kinds).size < kinds.length,
      indexByKind,
      indexByName: new Map(this.types.map((type, index) => [type.branchName ?? type.typeName, index])),
    });
  }

  override get typeName(): string {
    return 'union';
  }

  override _read(tap: Tap): unknown {
    const type = this.types[tap.readLong()];
    if (type === undefined) throw new RangeError('a union has no such branch');
    return this.wrap(type, type._read(tap));
  }

  override _write(tap: Tap, value: unknown): void {
    const index = this.indexOf(value);
    const type = index === undefined ? undefined : this.types[index];
    if (index === undefined || type === undefined) invalid(value, this);
    tap.writeLong(index);
    type._write(tap, this.unwrap(type, value));
  }

  override _check(value: unknown, flags: number | undefined, hook?: Hook, path?: Path): boolean {
    const index = this.indexOf(value);
    const type = index === undefined ? undefined : this.types[index];
    if (type === undefined) {
      hook?.(value, this);
      return false;
    }
    const branch = this.unwrap(type, value);
    const wrapped = branch !== value;
    if (wrapped) path?.push(type.branchName ?? type.typeName);
    const valid = type._check(branch, flags, hook, path);
    if (wrapped) path?.pop();
    return valid;
  }

  /** A default may be a value of any branch; the first one that takes it is meant. */
  override _copy(value: unknown, options?: CopyOptions): unknown {
    if (options?.wrap !== 2) {
      const type = this.types[this.indexOf(value) ?? invalid(value, this)]!;
      return this.wrap(type, type._copy(this.unwrap(type, value), options));
    }
    for (const type of this.types) {
      try {
        return this.wrap(type, type._copy(value, options));
      } catch {
        // The default is meant for another branch.
        continue;
      }
    }
    return invalid(value, this);
  }

  override _update(resolver: Resolver, writer: AvroType, options: object): void {
    const same = (type: AvroType): boolean => type.typeName === writer.typeName && type.name === writer.name;
    // As Java: the branch that is the same first, then the first that the value can be promoted to.
    for (const type of [...this.types.filter(same), ...this.types.filter((type) => !same(type))]) {
      const branch = resolverOf(type, writer, options);
      if (branch === undefined) continue;
      resolver._read = (tap) => this.wrap(type, branch._read(tap));
      return;
    }
  }

  describe(): string {
    return `one of ${this.types.map((type) => type.branchName ?? type.typeName).join(', ')}`;
  }

  private indexOf(value: unknown): number | undefined {
    const { wrapped, indexByKind, indexByName } = BRANCHES.get(this)!;
    const kind = kindOfValue(value);
    if (!wrapped || kind === 'null') return kind && indexByKind.get(kind);
    if (kind !== 'object') return undefined;
    const [name, ...more] = Object.keys(value as object);
    return name === undefined || more.length > 0 ? undefined : indexByName.get(name);
  }

  private wrap(type: AvroType, value: unknown): unknown {
    if (!BRANCHES.get(this)!.wrapped || type.typeName === 'null') return value;
    return { [type.branchName ?? type.typeName]: value };
  }

  private unwrap(type: AvroType, value: unknown): unknown {
    if (!BRANCHES.get(this)!.wrapped || value === null) return value;
    return (value as Record<string, unknown>)[type.branchName ?? type.typeName];
  }
}

function resolverOf(reader: AvroType, writer: AvroType, options: object): Resolver | undefined {
  try {
    return reader.createResolver(writer, options);
  } catch {
    // Not every branch can read what the writer has; the caller finds out if none can.
    return undefined;
  }
}
