import type { Reader, Writer } from '@platformatic/kafka';
import type { PartitionOfId } from '../kafka-group-client.ts';
import { groupByTopic } from './by-topic.ts';

/** As writeByTopic, in compact form, with the topic's name or, where the version has it, its id. */
export function writeByNameOrId<T extends PartitionOfId>(
  writer: Writer,
  entries: readonly T[],
  byId: boolean,
  writeEntry: (writer: Writer, entry: T) => void,
  tagged: boolean,
): void {
  writer.appendArray(groupByTopic(entries), (w, [topic, its]) => {
    if (byId) w.appendUUID(its[0]!.topicId);
    else w.appendString(topic);
    w.appendArray(its, writeEntry, true, tagged);
  });
}

/** As readByTopic; topics by id come as their ids. */
export function readByNameOrId<T>(reader: Reader, byId: boolean, readEntry: (reader: Reader, topic: string) => T): T[] {
  return reader
    .readArray((r) => {
      const topic = byId ? r.readUUID() : r.readString();
      return r.readArray(() => readEntry(r, topic));
    })
    .flat();
}

/** The same entries with the names of the topics that were asked for. */
export function withTopicNames<T extends { readonly topic: string }>(
  entries: readonly T[],
  asked: readonly { readonly topic: string; readonly topicId?: string | null }[],
): T[] {
  const names = new Map(asked.map(({ topicId, topic }) => [topicId, topic]));
  return entries.map((each) => ({ ...each, topic: names.get(each.topic) ?? each.topic }));
}
