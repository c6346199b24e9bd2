import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A view with the columns of Debezium's outbox event router (id, aggregatetype, aggregateid, type, payload, and the
 * optional timestamp and tracingspancontext), so that services written for it go on unchanged: point their outbox table
 * name at outbox.debezium. Debezium's defaults are kept: the topic comes from aggregatetype through
 * route.topic.replacement (outbox.settings.debezium_topic), the key is aggregateid, the event id is the message id; `type`
 * becomes the header eventType. Services that delete the row again in the same transaction may do so: nothing is removed.
 */
export class OutboxDebezium1763700004000 implements MigrationInterface {
  name = 'OutboxDebezium1763700004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create view outbox.debezium as
      select m.message_id as id,
             t.name::text as aggregatetype,
             convert_from(m.key, 'UTF8') as aggregateid,
             (select h ->> 1 from jsonb_array_elements(m.headers) h where h ->> 0 = 'eventType' limit 1) as type,
             case when m.payload is not null then convert_from(m.payload, 'UTF8')::jsonb end as payload,
             m.created_at as "timestamp",
             null::text as tracingspancontext
      from outbox.message m join outbox.topic t on t.id = m.topic_id;
      comment on view outbox.debezium is 'Accepts inserts in the shape of Debezium''s outbox table. Reads show the topic as aggregatetype.';

      create function outbox.debezium_insert() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        headers jsonb := '[]';
        pattern text;
        pair    text[];
      begin
        if new.aggregatetype is null then
          raise exception 'aggregatetype must not be null' using errcode = 'TM001',
            hint = 'Debezium routes by aggregatetype; set it to the name of the topic''s aggregate.';
        end if;
        if new.type is not null then
          headers := jsonb_build_array(jsonb_build_array('eventType', new.type));
        end if;
        -- tracingspancontext is a java.util.Properties text; its traceparent line is the W3C header.
        foreach pair slice 1 in array coalesce((select array_agg(m) from regexp_matches(coalesce(new.tracingspancontext, ''),
                                       '^\\s*(traceparent|tracestate)\\s*[=:]\\s*(\\S+)\\s*$', 'gn') m), '{}'::text[]) loop
          headers := headers || jsonb_build_array(jsonb_build_array(pair[1], pair[2]));
        end loop;
        select s.debezium_topic into pattern from outbox.settings s;
        new.id := outbox.append(
          replace(pattern, '\${routedByValue}', new.aggregatetype), convert_to(new.aggregateid, 'UTF8'),
          convert_to(new.payload::text, 'UTF8'), nullif(headers, '[]'), null, new.id, null);
        return new;
      end $$;
      create trigger debezium_insert instead of insert on outbox.debezium
        for each row execute function outbox.debezium_insert();

      create function outbox.debezium_delete() returns trigger language plpgsql as $$ begin return old; end $$;
      create trigger debezium_delete instead of delete on outbox.debezium
        for each row execute function outbox.debezium_delete();

      revoke all on function outbox.debezium_insert(), outbox.debezium_delete() from public;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop view outbox.debezium; drop function outbox.debezium_insert(); drop function outbox.debezium_delete()',
    );
  }
}
