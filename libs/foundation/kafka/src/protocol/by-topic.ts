import type { Reader, Writer } from '@platformatic/kafka';

/** Requests and answers list partitions under their topics: once per topic its name, then an entry per partition. */
export function writeByTopic<T extends { readonly topic: string }>(
  writer: Writer,
  entries: readonly T[],
  writeEntry: (writer: Writer, entry: T) => void,
): void {
  writer.appendArray(
    groupByTopic(entries),
    (w, [topic, its]) => void w.appendString(topic, false).appendArray(its, writeEntry, false, false),
    false,
    false,
  );
}

/** Topics in the order of their first entries. */
export function groupByTopic<T extends { readonly topic: string }>(entries: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(entry.topic);
    if (group === undefined) groups.set(entry.topic, [entry]);
    else group.push(entry);
  }
  return [...groups];
}

/** The entries of all topics in their order. */
export function readByTopic<T>(reader: Reader, readEntry: (reader: Reader, topic: string) => T): T[] {
  const topics = reader.readArray(
    (r) => {
      const topic = r.readString(false);
      return r.readArray(() => readEntry(r, topic), false, false);
    },
    false,
    false,
  );
  return topics.flat();
}
