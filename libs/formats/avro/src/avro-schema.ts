import type { Dependency } from '#libs/formats/schema';
import type { AvroType } from './avro-type.ts';

/** A parsed schema with the types that it references in their places. Immutable; cyclic where the schema is recursive. */
export interface AvroSchema {
  readonly root: AvroType;
  readonly dependencies: readonly Dependency[];
  /** Full names of the types that the dependencies are about: printed by name, because the references say what they are. */
  readonly dependencyNames: readonly string[];
}
