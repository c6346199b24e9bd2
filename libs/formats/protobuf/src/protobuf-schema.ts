import type { ProtoFile } from './ast/proto-file.ts';
import type { MissingImport } from './resolve/load-imports.ts';

/** A parsed schema with everything that it imports. Immutable. */
export interface ProtobufSchema {
  readonly file: ProtoFile;
  /** Every file that imports reach, directly or not, by its path, the built-in ones included; each after those it imports. */
  readonly imports: ReadonlyMap<string, ProtoFile>;
  /** Imports that neither the references nor the built-in files provide. Stored schemas may have them, new ones may not. */
  readonly missingImports: readonly MissingImport[];
}
