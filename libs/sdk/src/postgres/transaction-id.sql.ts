/** Gives the transaction its id if it has none yet, which the message would do anyway. No lock but the id's own. */
export const TRANSACTION_ID = 'select pg_current_xact_id()::text as xid';
