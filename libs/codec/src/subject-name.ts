import { TidemarkError } from '#libs/foundation/kernel';
import type { SchemaSource } from './schema-source.ts';
import type { RecordPart } from './wire/frame.ts';

/**
 * How a subject follows from a topic, by Confluent's names of the strategies. ASSOCIATED asks the registry which subject
 * belongs to the topic and falls back to TOPIC.
 */
export type SubjectNameStrategy = 'TOPIC' | 'RECORD' | 'TOPIC_RECORD' | 'ASSOCIATED';

export interface SubjectQuestion {
  readonly topic: string;
  readonly part: RecordPart;
  /** The full name of the record or message; the strategies with RECORD need it. */
  readonly recordName?: string;
}

type Registry = Pick<SchemaSource, 'associatedSubject'>;

/** The subject of a key or value. Rejects with PAYLOAD_INVALID when a record's name is needed and not known. */
export async function subjectName(
  strategy: SubjectNameStrategy,
  question: SubjectQuestion,
  registry: Registry,
): Promise<string> {
  const { topic, part } = question;
  switch (strategy) {
    case 'TOPIC':
      return topicSubject(topic, part);
    case 'RECORD':
      return recordNameOf(question);
    case 'TOPIC_RECORD':
      return `${topic}-${recordNameOf(question)}`;
    default:
      return (await registry.associatedSubject?.(topic, part)) ?? topicSubject(topic, part);
  }
}

export function topicSubject(topic: string, part: RecordPart): string {
  return `${topic}-${part}`;
}

function recordNameOf({ topic, recordName }: SubjectQuestion): string {
  if (recordName !== undefined && recordName !== '') return recordName;
  throw new TidemarkError(
    'PAYLOAD_INVALID',
    `topic ${topic}: its subject is named after the record, which has no name`,
    {
      context: { topic },
      remedy: 'Give the name of the record with the event, or use the strategy TOPIC.',
    },
  );
}
