/** The topic of each row: one for all, a column, or a template such as `outbox.event.${aggregatetype}`. */
export type TopicSource = { readonly constant: string } | { readonly column: string } | { readonly template: string };

/** Which columns of a table make a message. */
export interface AdoptionMapping {
  readonly topic: TopicSource;
  /** Column of the key, or several of which the first that is not null counts; none: messages without a key. */
  readonly key?: string | readonly string[];
  /** jsonb, json and text are sent as their text, bytea as it is, null as a tombstone. */
  readonly payload: string;
  /** json or jsonb column with an object or [name, value] pairs; nested values are sent as JSON text. */
  readonly headers?: string;
  /** Header name to column; a null value leaves the header out. */
  readonly headerColumns?: Readonly<Record<string, string>>;
  /** Text column with the W3C trace context as java.util.Properties, as Debezium writes it. */
  readonly traceProperties?: string;
  /** uuid column; none: a new id for each message. */
  readonly messageId?: string;
  /** Integer column; null: by key. */
  readonly partition?: string;
}

export type AdoptionPreset = 'debezium' | 'pg-transactional-outbox' | 'plain';

export interface AdoptionRequest {
  /** As in SQL: `outbox_events`, `shop.outbox_events`, `"My Schema"."Events"`. */
  readonly table: string;
  /** Where to start from; the mapping's entries come on top, and null removes one. */
  readonly preset?: AdoptionPreset;
  readonly mapping?: { readonly [Field in keyof AdoptionMapping]?: AdoptionMapping[Field] | null };
  /** Also emit the rows that are in the table already, in order of a column (ties: primary key). Default: only new rows. */
  readonly existing?: { readonly orderBy: string };
}
