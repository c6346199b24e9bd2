import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Queryable } from '#libs/foundation/postgres';
import { PayloadReader, PostgresSchemaSource, SchemaCache } from '#libs/sdk';
import type { TopicRecord } from '#libs/stores/topic';
import { effectsOf } from './effects.ts';
import { addToCustomers } from './postgres/add-to-customers.sql.ts';
import { addToDays } from './postgres/add-to-days.sql.ts';
import { markHandled } from './postgres/mark-handled.sql.ts';
import { putLevels } from './postgres/put-levels.sql.ts';
import { type OrderEvent, readEvent } from './read-event.ts';

/**
 * Brings the read model up to date with the topics. The effects of a run of records, the note that they were handled,
 * and the group's offsets are one transaction, so that a crash anywhere leaves them in step. The note also makes a replay
 * harmless: it appends the same message ids at new offsets.
 */
@Injectable()
export class Projection {
  private readonly schemas = new SchemaCache();

  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** `commitOffsets` is called last, in the transaction of the effects. */
  async handle(records: readonly TopicRecord[], commitOffsets: (tx: Queryable) => Promise<void>): Promise<void> {
    await this.source.transaction(async (manager) => {
      const tx = (await manager.queryRunner!.connect()) as Queryable;
      const unhandled = await markHandled(
        tx,
        records.map((record) => record.messageId),
      );
      // Taking an id out as its record is taken keeps a message that comes twice in one run from counting twice.
      const fresh = records.filter((record) => unhandled.delete(record.messageId));
      const payloads = new PayloadReader(this.schemas.over(new PostgresSchemaSource(tx)));
      const events: OrderEvent[] = [];
      for (const record of fresh) events.push(await readEvent(record, payloads));
      const effects = effectsOf(events);
      if (effects.customers.length > 0) await addToCustomers(tx, effects.customers);
      if (effects.days.length > 0) await addToDays(tx, effects.days);
      if (effects.levels.length > 0) await putLevels(tx, effects.levels);
      await commitOffsets(tx);
    });
  }
}
