import type { Dependency, SchemaType } from '#libs/formats/schema';

/** A schema as a registry has it, with all that it references. Immutable. */
export interface StoredSchema {
  readonly id: number;
  readonly guid?: string;
  readonly schemaType: SchemaType;
  readonly text: string;
  /** The closure of its references, each after those that it uses itself. */
  readonly dependencies: readonly Dependency[];
}

/** The same as a version of a subject. */
export interface SubjectSchema {
  readonly subject: string;
  readonly version: number;
  readonly schema: StoredSchema;
  /**
   * False while the version may yet be gone, because it was registered in a transaction that is still open: then it is not
   * kept for others.
   */
  readonly settled: boolean;
}
