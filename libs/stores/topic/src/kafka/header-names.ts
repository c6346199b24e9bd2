/** The message's public identity, as text. What stands behind this header was added for the cluster. */
export const MESSAGE_ID_HEADER = 'tidemark-message-id';
/** Id of the value's schema, in decimal. */
export const SCHEMA_ID_HEADER = 'tidemark-schema-id';
/** The topic's own name, where the cluster has another one for it. */
export const TOPIC_HEADER = 'tidemark-topic';
/** When the message was written, where the cluster does not take that as a record's timestamp; ISO 8601. */
export const TIME_HEADER = 'tidemark-time';

const OWN_NAMES = new Set([MESSAGE_ID_HEADER, SCHEMA_ID_HEADER, TOPIC_HEADER, TIME_HEADER]);

/**
 * True for the names by which a record on a cluster says what it is. A message's own headers under these names are not
 * sent: consumers trust them, so an application must not be able to forge them. Emitting refuses all `tidemark-` names
 * already; this holds for messages that came into the outbox in other ways. Others with the prefix (provenance of replays
 * and dead letters, placeholders) are ordinary headers and pass.
 */
export function isOwnHeader(name: string): boolean {
  return name.startsWith('tidemark-') && OWN_NAMES.has(name);
}
