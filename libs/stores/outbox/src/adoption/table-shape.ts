/** A column as the catalog has it; a domain counts as its base type. */
export interface ColumnShape {
  readonly name: string;
  /** pg_type.typname of the base type: text, varchar, jsonb, uuid, int8, ... */
  readonly type: string;
  /** pg_type.typcategory: S for text-like types (citext included), E for enums. */
  readonly category: string;
  /** Quoted and qualified name of the declared type, to cast to. */
  readonly sqlType: string;
  /** A virtual generated column has no value while triggers run. */
  readonly virtual: boolean;
}

/** What planning knows about a table. */
export interface TableShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind */
  readonly kind: string;
  readonly temporary: boolean;
  readonly isPartition: boolean;
  /** Inherits or is inherited from, by INHERITS. */
  readonly inherits: boolean;
  readonly columns: readonly ColumnShape[];
  /** Columns of the primary key in its order; empty when there is none. */
  readonly primaryKey: readonly string[];
  /** Text of the partition key, for a partitioned table. */
  readonly partitionKey: string | null;
  readonly rowsEstimate: number;
  readonly adopted: boolean;
  readonly hasTriggerOfOurName: boolean;
}

/** What planning knows about the database beside the table. */
export interface OutboxFacts {
  readonly topics: ReadonlySet<string>;
  readonly autoCreateTopics: boolean;
  /** outbox.settings.debezium_topic */
  readonly debeziumTopic: string;
  readonly currentUser: string;
  /** Owner of outbox.append, whose rights the trigger function needs. */
  readonly outboxOwner: string;
}
