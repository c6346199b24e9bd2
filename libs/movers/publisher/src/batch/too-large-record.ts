import { placeholderOf, type TopicRecord } from '#libs/stores/topic';

/** What stands on a cluster for a record that it refused as too large. The same each time, so that it can be verified. */
export function tooLargeRecord(record: TopicRecord): TopicRecord {
  return placeholderOf(record, 'too-large', 'larger than the cluster takes; the message itself is in the log');
}
