import type { Extend, TypeDeclaration } from './message.ts';
import type { Option } from './option.ts';
import type { Placed } from './position.ts';
import type { Service } from './service.ts';

/** A .proto file as an immutable tree: all that the text says, without comments and layout. */
export interface ProtoFile {
  /** As declared; absent means proto2 (or an edition). */
  readonly syntax?: 'proto2' | 'proto3';
  /** As declared: `2023`. Never together with a syntax. */
  readonly edition?: string;
  readonly package?: string;
  readonly imports: readonly Import[];
  readonly options: readonly Option[];
  /** Messages and enums of the top level, in source order. */
  readonly types: readonly TypeDeclaration[];
  readonly extends: readonly Extend[];
  readonly services: readonly Service[];
}

export interface Import extends Placed {
  readonly path: string;
  readonly kind: 'plain' | 'public' | 'weak';
}

/** The rules that a file follows: what it declares, proto2 when it declares nothing. */
export function syntaxOf(file: ProtoFile): 'proto2' | 'proto3' | 'editions' {
  return file.edition === undefined ? (file.syntax ?? 'proto2') : 'editions';
}
