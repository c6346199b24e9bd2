import type { Database } from '#libs/foundation/postgres';
import type { LogTruth } from './log-truth.ts';

/** Reads all of it in one snapshot. */
export function readLogTruth(db: Database): Promise<LogTruth> {
  return db.transaction(async (tx) => {
    const messages = await tx.query<[string, number, string, string | null, number | null]>({
      rowMode: 'array',
      text: `select m.id, m.topic_id, m.message_id, encode(m.key, 'escape'), (convert_from(m.payload, 'UTF8')::jsonb ->> 'n')::integer
             from outbox.message m where exists (select from outbox.topic t where t.id = m.topic_id) order by m.id`,
    });
    const batches = await tx.query<[number, number, string, number, string, string[]]>({
      rowMode: 'array',
      text: `select b.topic_id, b.partition, b.base_offset, b.records, b.step, b.positions from log.batch b`,
    });
    const heads = await tx.query<[number, number, string, string]>({
      rowMode: 'array',
      text: 'select h.topic_id, h.partition, h.next_offset, h.last_position from log.head h',
    });
    const sequencer = await tx.query<{ cursor: string }>('select s.cursor from log.sequencer s');
    return {
      messages: messages.rows.map(([position, topicId, messageId, key, n]) => ({
        position: BigInt(position),
        topicId,
        messageId,
        key,
        n,
      })),
      batches: batches.rows.map(([topicId, partition, baseOffset, records, step, positions]) => ({
        topicId,
        partition,
        baseOffset: BigInt(baseOffset),
        records,
        step: BigInt(step),
        positions: positions.map(BigInt),
      })),
      heads: heads.rows.map(([topicId, partition, nextOffset, lastPosition]) => ({
        topicId,
        partition,
        nextOffset: BigInt(nextOffset),
        lastPosition: BigInt(lastPosition),
      })),
      cursor: BigInt(sequencer.rows[0]!.cursor),
    };
  }, 'repeatable read read only');
}
