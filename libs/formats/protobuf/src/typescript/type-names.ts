import type { ProtoFile } from '../ast/proto-file.ts';
import { localName, type TypeSymbol } from '../resolve/file-symbols.ts';

/** Names that a declaration must not take: TypeScript's own types and words, and the global types that the output uses. */
const TAKEN: ReadonlySet<string> = new Set(
  (
    'any unknown never string number boolean bigint symbol object void undefined null true false this super new in of ' +
    'typeof instanceof delete if else for while do switch case default break continue return throw try catch finally ' +
    'function class extends implements interface enum type const let var import export with yield await async static ' +
    'public private protected package debugger Record Uint8Array'
  ).split(' '),
);

/**
 * Gives every type a name of its own: those of the schema's own file by their place in it (`Order_Line`), imported ones by their
 * full name (`google_protobuf_Timestamp`); whoever comes later to a name gets a number behind it.
 */
export class TypeNames {
  private readonly file: ProtoFile;
  private readonly names = new Map<string, string>();
  private readonly used = new Set<string>();

  constructor(file: ProtoFile) {
    this.file = file;
  }

  /** Reserves a name for a type, before any other is named. */
  reserve(type: TypeSymbol, name: string): void {
    this.used.add(name);
    this.names.set(type.fullName, name);
  }

  nameOf(type: TypeSymbol): string {
    const known = this.names.get(type.fullName);
    if (known !== undefined) return known;
    const wished = (type.file === this.file ? localName(type) : type.fullName).replaceAll('.', '_');
    const base = TAKEN.has(wished) ? `${wished}_` : wished;
    let name = base;
    for (let count = 2; this.used.has(name); count += 1) name = `${base}_${count}`;
    this.used.add(name);
    this.names.set(type.fullName, name);
    return name;
  }
}
