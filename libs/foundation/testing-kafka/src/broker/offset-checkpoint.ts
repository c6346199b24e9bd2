/** A checkpoint file of a broker (a version, a count, then `topic partition offset` lines) that does not name the partition any more. */
export function withoutPartition(text: string, topic: string, partition: number): string {
  // A broker that has just been formatted has empty files, which it takes for no entries; half a file it refuses.
  if (text.trim() === '') return text;
  const [version = '0', , ...entries] = text.trimEnd().split('\n');
  const kept = entries.filter((entry) => !entry.startsWith(`${topic} ${partition} `));
  return `${[version, String(kept.length), ...kept].join('\n')}\n`;
}
