import { TidemarkError } from '#libs/foundation/kernel';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Throws INBOX_INVALID for what is not a UUID as Postgres prints it: answers name messages by these texts, and Postgres would
 * fail the transaction of the handler for others.
 */
export function checkMessageIds(group: string, messageIds: readonly string[]): void {
  const wrong = messageIds.find((id) => !UUID.test(id));
  if (wrong === undefined) return;
  throw new TidemarkError('INBOX_INVALID', `group ${group}: message id ${JSON.stringify(wrong)} is not a UUID`, {
    context: { group },
  });
}
