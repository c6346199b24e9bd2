import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { MIGRATIONS } from '#migrations';
import { run } from '../../apps/cli/src/run.ts';
import { RecordingTerminal } from '../../apps/cli/test/recording-terminal.ts';
import { type Answer, shell, tidemark } from './harness/command-line.ts';

let database: TestDatabase;
const cli = (...args: string[]): Promise<Answer> => tidemark({ DATABASE_URL: database.url }, args);

describe('migrate', () => {
  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  test('up reports each migration, from its sources and as a process', async () => {
    expect((await cli('migrate', 'status')).out).toMatch(new RegExp(`^${MIGRATIONS[0]!.name} +pending$`, 'm'));
    const { code, out, err } = await shell({ DATABASE_URL: database.url }, '$TIDEMARK migrate');
    expect(code).toBe(0);
    for (const { name } of MIGRATIONS) expect(err).toMatch(new RegExp(`applying ${name}: done in \\d+ ms`));
    expect(out).toContain(`is up to date: applied ${MIGRATIONS.length} migrations`);
    expect(out).not.toContain('postgres:postgres@');
    expect((await cli('migrate')).out).toMatch(/is up to date$/);
  });

  test('down asks, and needs --yes where nobody can be asked', async () => {
    const last = MIGRATIONS.at(-1)!.name;
    expect(await cli('migrate', 'down')).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    const no = await tidemark({ DATABASE_URL: database.url }, ['migrate', 'down', '1'], ['n']);
    expect(no).toMatchObject({ code: 130, err: expect.stringContaining(`Undo ${last} on`) });
    expect(JSON.parse((await cli('migrate', 'status', '--json')).out)).toMatchObject({ pending: [] });
    expect(JSON.parse((await cli('migrate', 'down', '1', '--yes', '--json')).out)).toEqual({ undone: [last] });
    expect(await cli('adopt', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('SCHEMA_MISSING') });
  });
});

describe('adopt', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
    await database.db.query(`
      create table public.events (id uuid primary key default gen_random_uuid(), order_id text, body jsonb, created_at timestamptz default clock_timestamp());
      select outbox.create_topic('orders', 1);
      insert into public.events (order_id, body) select 'o-' || n, jsonb_build_object('n', n) from generate_series(1, 450) n`);
  });
  afterEach(() => database.drop());

  const APPLY = ['adopt', 'events', '--topic', 'orders', '--map', 'key=order_id', '--map', 'payload=body'];
  const messages = async (): Promise<number> =>
    Number((await database.db.query<{ n: string }>('select count(*) as n from outbox.message')).rows[0]!.n);

  test('shows the exact SQL; a dry run and a no change nothing', async () => {
    const dry = await cli(...APPLY, '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('create trigger tidemark_adoption after insert on "public"."events"');
    expect(await cli(...APPLY)).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    const no = await tidemark({ DATABASE_URL: database.url }, APPLY, ['no']);
    expect(no).toMatchObject({ code: 130, err: expect.stringContaining('nothing was changed') });
    expect((await cli('adopt', 'list')).out).toBe('No table is adopted.');
  });

  test('emits rows from now on, and is undone', async () => {
    const yes = await tidemark({ DATABASE_URL: database.url }, APPLY, ['y']);
    expect(yes).toMatchObject({ code: 0, out: expect.stringContaining('adopted "public"."events"') });
    await database.db.query(`insert into events (order_id, body) values ('o-1', '{}')`);
    expect(await messages()).toBe(1);
    expect((await cli('adopt', 'list')).out).toMatch(/public\.events +active +not emitted/);
    expect(await cli('adopt', 'undo', 'events', '--yes')).toMatchObject({ code: 0 });
    await database.db.query(`insert into events (order_id, body) values ('o-1', '{}')`);
    expect(await messages()).toBe(1);
    const again = await cli('adopt', 'undo', 'events', '--yes');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('ADOPTION_INVALID') });
  });

  test('emits the existing rows with progress; Ctrl-C stops between chunks and resume goes on', async () => {
    const terminal = new RecordingTerminal({ DATABASE_URL: database.url });
    const show = terminal.progress.bind(terminal);
    terminal.progress = (text) => {
      show(text);
      terminal.interruption.abort();
    };
    expect(await run([...APPLY, '--existing', 'created_at', '--yes'], terminal)).toBe(130);
    expect(terminal.bars[0]).toContain('200 of 450 (44%)');
    expect(terminal.err.join('\n')).toContain('go on with: tidemark adopt resume events');
    expect(await messages()).toBe(200);
    const resumed = await cli('adopt', 'resume', 'events', '--json');
    expect(JSON.parse(resumed.out)).toMatchObject({ existing: { total: '450', done: '450', emitted: '450' } });
    expect(await messages()).toBe(450);
  });

  test('a mapping that does not fit is refused with every problem', async () => {
    const wrong = await cli('adopt', 'events', '--topic', 'nope', '--map', 'key=kee', '--map', 'payload=body', '--yes');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toMatch(/ADOPTION_INVALID.*no column "kee".*topic nope does not exist/s);
  });
});
