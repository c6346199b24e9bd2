import type { AdoptionMapping, AdoptionPreset } from './request.ts';
import type { OutboxFacts, TableShape } from './table-shape.ts';

/** A mapping that may still lack what only the user can know. */
export type DraftMapping = Partial<AdoptionMapping>;

type Preset = (shape: TableShape, facts: OutboxFacts) => DraftMapping;

/** The mapping of a well-known table layout; undefined for an unknown name. Columns are not checked here. */
export function presetMapping(preset: string, shape: TableShape, facts: OutboxFacts): DraftMapping | undefined {
  return Object.hasOwn(PRESETS, preset) ? PRESETS[preset as AdoptionPreset](shape, facts) : undefined;
}

/** Debezium's outbox event router with its defaults; `type` becomes the header eventType, as its placement option is commonly set. */
function debezium(shape: TableShape, facts: OutboxFacts): DraftMapping {
  return {
    topic: { template: facts.debeziumTopic.replaceAll('${routedByValue}', '${aggregatetype}') },
    key: 'aggregateid',
    payload: 'payload',
    headerColumns: { eventType: 'type' },
    ...(has(shape, 'tracingspancontext') ? { traceProperties: 'tracingspancontext' } : {}),
    messageId: 'id',
  };
}

/**
 * The npm package's table. Its segment is what it keeps in order, so that is the key; without one it is the aggregate.
 * metadata can be nested and is sent as one header of JSON text.
 */
const PG_TRANSACTIONAL_OUTBOX: DraftMapping = {
  topic: { column: 'aggregate_type' },
  key: ['segment', 'aggregate_id'],
  payload: 'payload',
  headerColumns: {
    aggregate_type: 'aggregate_type',
    aggregate_id: 'aggregate_id',
    message_type: 'message_type',
    metadata: 'metadata',
  },
  messageId: 'id',
};

const GUESSES = {
  topic: ['topic', 'topic_name', 'event_topic', 'destination', 'stream'],
  key: ['key', 'message_key', 'event_key', 'partition_key', 'aggregate_id', 'aggregateid'],
  payload: ['payload', 'value', 'body', 'data', 'event', 'message'],
  headers: ['headers', 'metadata'],
  messageId: ['message_id', 'event_id', 'id'],
  partition: ['partition'],
} as const;

/** By column names. An id counts only as uuid, headers only as json, and a partition only as an integer. */
function plain(shape: TableShape): DraftMapping {
  const guess = (field: keyof typeof GUESSES, ...types: string[]): string | undefined =>
    GUESSES[field].find((name) => {
      const column = shape.columns.find((candidate) => candidate.name === name);
      return column !== undefined && (types.length === 0 || types.includes(column.type));
    });
  const topic = guess('topic');
  return {
    ...(topic === undefined ? {} : { topic: { column: topic } }),
    key: guess('key'),
    payload: guess('payload'),
    headers: guess('headers', 'json', 'jsonb'),
    messageId: guess('messageId', 'uuid'),
    partition: guess('partition', 'int2', 'int4', 'int8'),
  };
}

function has(shape: TableShape, column: string): boolean {
  return shape.columns.some((candidate) => candidate.name === column);
}

const PRESETS: Readonly<Record<AdoptionPreset, Preset>> = {
  debezium,
  'pg-transactional-outbox': () => PG_TRANSACTIONAL_OUTBOX,
  plain,
};

export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);
