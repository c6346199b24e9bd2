import type { Queryable } from '#libs/foundation/postgres';
import type { TopicReader, TopicRecord } from '#libs/stores/topic';
import { OUT_OF_REACH } from '../../../examples/orders/src/shipping/carrier/carrier-rules.ts';
import { type Check, finding } from './check.ts';
import { recordsOf } from './read-all-records.ts';

const SOURCE = 'orders.shipped';
const DLQ = 'orders.shipped.shipping.dlq';

/**
 * The dlq has what nobody delivers, once and nothing else, and a person who reads it learns from the headers what came from
 * where, and why it is there.
 */
export function deadLettersReadable(db: Queryable, reader: TopicReader): Check {
  return {
    title: 'only what nobody delivers is a dead letter, and says why',
    run: async () => {
      const { rows } = await db.query<{ id: string; customer_id: string }>(
        `select id, customer_id from orders.orders where status = 'shipped' and starts_with(customer_id, $1)`,
        [OUT_OF_REACH],
      );
      const wanted = new Map(rows.map((row) => [row.id, row.customer_id]));
      const differences: string[] = [];
      const reasons: string[] = [];
      for await (const record of recordsOf(reader, DLQ)) {
        const order = record.key?.toString('utf8') ?? '';
        const customer = wanted.get(order);
        if (!wanted.delete(order)) differences.push(`order ${order} is a dead letter that should not be there`);
        differences.push(...(await misleading(record, customer ?? '', reader)));
        reasons.push(header(record, 'error-message'));
      }
      for (const order of wanted.keys()) differences.push(`order ${order} should be a dead letter`);
      return finding(`${reasons.length} in ${DLQ}: ${reasons.join(', ')}`, differences);
    },
  };
}

/** What its headers say, compared with what is true. */
async function misleading(record: TopicRecord, customer: string, reader: TopicReader): Promise<string[]> {
  const truth: Record<string, string> = {
    'message-id': record.messageId,
    'source-topic': SOURCE,
    group: 'shipping',
    handler: SOURCE,
    'error-class': 'NoCarrier',
    'error-message': `no carrier delivers to ${customer}`,
    attempts: '1',
  };
  const differences = Object.entries(truth).flatMap(([name, value]) => {
    const found = header(record, name);
    return found === value ? [] : [`message ${record.messageId}: ${name} is '${found}' instead of '${value}'`];
  });
  if (differences.length > 0) return differences;
  const [partition, offset] = [Number(header(record, 'source-partition')), header(record, 'source-offset')];
  const { records } = await reader.read(SOURCE, partition, BigInt(offset), { maxRecords: 1, maxBytes: 1024 * 1024 });
  const [source] = records;
  if (source?.messageId === record.messageId && source.value?.equals(record.value!) === true) return [];
  return [`message ${record.messageId} is not what ${SOURCE}/${partition} has at offset ${offset}`];
}

function header(record: TopicRecord, name: string): string {
  return record.headers.findLast(([given]) => given === `tidemark-dlq-${name}`)?.[1]?.toString('utf8') ?? '';
}
