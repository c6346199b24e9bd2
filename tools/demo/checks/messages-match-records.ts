import type { Queryable } from '#libs/foundation/postgres';
import { TOPICS } from '../../../examples/orders/src/events.ts';
import { type Check, count, finding } from './check.ts';
import type { SeenRecord } from './read-all-records.ts';

/** Compared by message id: nothing is missing from the topics, doubled in them, or in them without having been committed. */
export function messagesMatchRecords(db: Queryable, records: () => Promise<readonly SeenRecord[]>): Check {
  return {
    title: 'each committed message is in its topic exactly once',
    run: async () => {
      const { rows } = await db.query<{ message_id: string; topic: string }>(
        `select m.message_id, t.name as topic from outbox.message m join outbox.topic t on t.id = m.topic_id
         where t.name = any($1)`,
        [TOPICS],
      );
      const committed = new Map(rows.map((row) => [row.message_id, row.topic]));
      const seen = new Set<string>();
      const differences: string[] = [];
      for (const { messageId, topic, partition, offset } of await records()) {
        const place = `${topic}/${partition} at offset ${offset}`;
        if (seen.has(messageId)) differences.push(`message ${messageId} is in the topics twice, again in ${place}`);
        else if (committed.get(messageId) !== topic) {
          differences.push(
            `message ${messageId} in ${place} was committed for ${committed.get(messageId) ?? 'no topic'}`,
          );
        }
        seen.add(messageId);
      }
      for (const [messageId, topic] of committed) {
        if (!seen.has(messageId)) differences.push(`message ${messageId} for ${topic} is in no topic`);
      }
      return finding(`${count(committed.size)} messages = ${count(seen.size)} records, by message id`, differences);
    },
  };
}
