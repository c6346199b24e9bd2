import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';

/*
 * While nextval writes its WAL record (every 32nd call), the sequence's row holds a value that has not been drawn yet.
 * SELECT last_value sees it, because it reads the row without the buffer's lock. A fence or a horizon made from it is too
 * high by up to 32 positions, and messages are skipped for good.
 */
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders')`);
  // Room for the positions that are drawn below: about a million per second.
  await database.db.query('update outbox.settings set partition_size = 1000000000');
  await database.db.query('select outbox.ensure_partitions()');
  await database.db.query(HAMMER);
});

afterAll(() => database.drop());

const HAMMER = /* sql */ `
  create function public.draw_positions(p_ms integer) returns bigint language plpgsql as $$
  declare
    until timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
    drawn bigint := 0;
  begin
    while clock_timestamp() < until loop
      drawn := drawn + (select count(nextval('outbox.position')) from generate_series(1, 1000));
    end loop;
    return drawn;
  end $$;

  create function public.horizons_ahead(p_ms integer) returns integer language plpgsql as $$
  declare
    until timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
    ahead integer := 0;
  begin
    while clock_timestamp() < until loop
      if outbox.horizon() >= nextval('outbox.position') then ahead := ahead + 1; end if;
    end loop;
    return ahead;
  end $$;

  create function public.fences_ahead(p_ms integer) returns integer language plpgsql as $$
  declare
    until timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
    ahead integer := 0;
    late  boolean;
  begin
    while clock_timestamp() < until loop
      begin
        perform outbox.emit('orders', null, '1');
        late := split_part(current_setting('tidemark.tx'), '|', 2)::bigint >= currval('outbox.position');
        raise exception 'undone' using errcode = 'ZZ001';
      exception when sqlstate 'ZZ001' then
        if late then ahead := ahead + 1; end if;
      end;
    end loop;
    return ahead;
  end $$`;

test('neither a horizon nor a fence is ever ahead of the positions drawn', async () => {
  const forMs = 3_000;
  const [drawn, horizons, fences] = await Promise.all([
    database.db.query<{ n: string }>('select public.draw_positions($1) as n', [forMs]),
    database.db.query<{ n: number }>('select public.horizons_ahead($1) as n', [forMs]),
    database.db.query<{ n: number }>('select public.fences_ahead($1) as n', [forMs]),
  ]);
  expect(Number(drawn.rows[0]!.n)).toBeGreaterThan(0);
  expect({ horizons: horizons.rows[0]!.n, fences: fences.rows[0]!.n }).toEqual({ horizons: 0, fences: 0 });
});
