import type { Queryable } from '#libs/foundation/postgres';
import { PostgresTopicReader } from '#libs/stores/topic';
import { TOPICS } from '../../../examples/orders/src/events.ts';
import type { Answers } from '../shop/answers.ts';
import { answersMatchTables } from './answers-match-tables.ts';
import { carriersAskedAgain } from './carriers-asked-again.ts';
import { changesMatchMessages } from './changes-match-messages.ts';
import type { Check } from './check.ts';
import { deadLettersReadable } from './dead-letters-readable.ts';
import { keyOrder } from './key-order.ts';
import { messagesMatchRecords } from './messages-match-records.ts';
import { offsetsDense } from './offsets-dense.ts';
import { parcelsMatchOrders } from './parcels-match-orders.ts';
import { readAllRecords, type SeenRecord } from './read-all-records.ts';
import { readModelTrue } from './read-model-true.ts';

/**
 * From the customers' answers over the tables, the outbox and the topics to the read model and the parcels: each check compares one stage
 * with the one before. They are for a state of rest: nothing is written any more, and the readers have caught up. `carrierSeed` says which calls of carriers failed.
 */
export function allChecks(db: Queryable, answers: Answers, carrierSeed: number): Check[] {
  const reader = new PostgresTopicReader(db);
  let reading: Promise<SeenRecord[]> | undefined;
  const records = (): Promise<SeenRecord[]> => (reading ??= readAllRecords(reader, TOPICS));
  return [
    answersMatchTables(db, answers),
    changesMatchMessages(db),
    messagesMatchRecords(db, records),
    offsetsDense(db),
    keyOrder(db, records),
    readModelTrue(db),
    parcelsMatchOrders(db),
    carriersAskedAgain(db, carrierSeed),
    deadLettersReadable(db, reader),
  ];
}
