import { createHash } from 'node:crypto';
import { TidemarkError } from '#libs/foundation/kernel';

/** Kafka's limit for the name of a topic; Postgres topics have the same. */
const NAME_MAX = 249;
const LEGAL = /^[a-zA-Z0-9._-]+$/;

/** The retry topics, one per tier and at least one, and the dlq, of a topic and a group. */
export interface SideTopicNames {
  readonly retry: readonly string[];
  readonly dlq: string;
}

/**
 * `<topic>.<group>.retry`, `.retry.2` … and `<topic>.<group>.dlq`. There is always one retry topic: messages that somebody
 * sends again for this group come through it. Where a group has characters that topics cannot have, or the name would be
 * too long, the middle is shortened and ends in a hash of the whole, so that two groups never share a topic. Throws TOPIC_INVALID for a
 * topic that is no topic's name.
 */
export function sideTopics(topic: string, group: string, tiers: number): SideTopicNames {
  if (!LEGAL.test(topic) || topic.length > NAME_MAX || topic === '.' || topic === '..') {
    throw new TidemarkError('TOPIC_INVALID', `${JSON.stringify(topic)} cannot be the name of a topic`, {
      remedy: 'Use 1 to 249 of the characters a-z, A-Z, 0-9, dot, underscore and hyphen.',
    });
  }
  const stem = stemOf(topic, group);
  const retry = Array.from({ length: Math.max(1, tiers) }, (_, index) => retryName(stem, index + 1));
  return { retry, dlq: `${stem}.dlq` };
}

function retryName(stem: string, tier: number): string {
  return tier === 1 ? `${stem}.retry` : `${stem}.retry.${tier}`;
}

function stemOf(topic: string, group: string): string {
  const room = NAME_MAX - '.retry.9'.length;
  const plain = `${topic}.${group}`;
  if (plain.length <= room && LEGAL.test(plain)) return plain;
  const hash = createHash('sha256').update(`${topic}\0${group}`).digest('hex').slice(0, 12);
  const legal = `${topic}.${group.replaceAll(/[^a-zA-Z0-9._-]/g, '_')}`;
  return `${legal.slice(0, room - hash.length - 1)}-${hash}`;
}
