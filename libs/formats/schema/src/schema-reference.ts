/** What a schema says of another one that it uses. `name` is a full name (Avro), a URI (JSON Schema) or an import path (Protobuf). */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  /** 1 or more; -1 in a request means the latest one and is stored as the concrete number. */
  readonly version: number;
}

/**
 * A referenced schema with its text, as parsers take them: the closure of the references, each name once, and every one
 * after those that it uses itself.
 */
export interface Dependency {
  readonly name: string;
  /** Canonical text. */
  readonly text: string;
}
