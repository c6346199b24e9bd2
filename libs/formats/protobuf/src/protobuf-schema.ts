import type { ProtoFile } from './ast/proto-file.ts';

/** A parsed schema with everything that it imports. Immutable. */
export interface ProtobufSchema {
  readonly file: ProtoFile;
  /**
   * Every file that imports reach, directly or not, by its path, the built-in ones included; each after those it imports. A
   * stored schema may import what nobody provides; `validate` refuses such a new one.
   */
  readonly imports: ReadonlyMap<string, ProtoFile>;
}
