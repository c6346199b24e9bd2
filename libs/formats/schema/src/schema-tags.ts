/** A place of a schema that can carry tags, by the names that lead to it. */
export interface SchemaEntity {
  /** Names joined by dots, as Confluent writes them; how they are chosen is the format's. A leading dot means nothing. */
  readonly entityPath: string;
  readonly entityType: 'sr_record' | 'sr_field';
}

/** What is, or is to be, noted at one place. */
export interface SchemaTags {
  readonly schemaEntity: SchemaEntity;
  readonly tags: readonly string[];
}

/** What to do about a place that a schema does not have. */
export type UnknownPlaces = 'refuse' | 'skip';

/** How a format keeps tags within its texts. Pure; `S` is the format's parsed schema. */
export interface SchemaTagging<S> {
  /**
   * The canonical text with tags added, then removed, and all else as it was. Tags keep their order and occur once; a place
   * that is left without any has no trace of them. Throws SCHEMA_INVALID naming the place that the schema does not have,
   * unless such places are to be skipped.
   */
  change(schema: S, add: readonly SchemaTags[], remove: readonly SchemaTags[], unknown: UnknownPlaces): string;
  /** The places with tags, in the order of the text. */
  find(schema: S): SchemaTags[];
}
