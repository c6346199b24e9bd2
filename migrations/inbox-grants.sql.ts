/**
 * What a consumer's role may do: call these functions, which run with the rights of the owner, and nothing else. Later
 * migrations replace the function with a longer list.
 */
export const grantConsumer = (functions: readonly string[]): string => /* sql */ `
  create or replace function inbox.grant_consumer(p_role name) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    execute format('grant usage on schema inbox to %I', p_role);
    execute format('grant execute on function ${functions.map((name) => `inbox.${name}`).join(', ')} to %I', p_role);
  end $$;
  comment on function inbox.grant_consumer(name) is
    'Lets a role handle messages once, and nothing else; reading topics from Postgres is log.grant_consumer.';
  revoke all on function inbox.grant_consumer(name) from public`;

/** Rights that come with inbox.handled. */
export const HANDLED_FUNCTIONS = ['mark_handled(text, uuid[])', 'refuse_late(text)'] as const;

/** Rights that come with inbox.failure. */
export const FAILURE_FUNCTIONS = [
  'record_failure(jsonb, text)',
  'settle_failure(text, text, integer, bigint, uuid)',
] as const;

/** Rights that come with inbox.parked. */
export const PARKING_FUNCTIONS = [
  'block_key(text, text, bytea, uuid)',
  'hold_blocked(text, text, bytea[])',
  'park(jsonb, bytea, bytea)',
  'take_parked(text, text[])',
  'settle_key(text, text, bytea, uuid)',
] as const;
