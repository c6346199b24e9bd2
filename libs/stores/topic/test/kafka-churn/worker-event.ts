/** What a worker in a process of its own tells, as a line of JSON. */
export interface WorkerEvent {
  /** By the machine's monotonic clock, which all processes share, ns. */
  readonly at: bigint;
  readonly worker: string;
  readonly what: 'assigned' | 'released' | 'lost' | 'handed' | 'committed' | 'fenced';
  readonly partition: number;
  /** First offset handed out, or the one committed. */
  readonly from: bigint;
  /** After the last offset handed out. */
  readonly to: bigint;
}

export function eventLine(event: WorkerEvent): string {
  return JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export function readEvent(line: string): WorkerEvent {
  const { at, worker, what, partition, from, to } = JSON.parse(line) as Record<string, string>;
  const event = {
    at: BigInt(at!),
    worker: worker!,
    partition: Number(partition),
    from: BigInt(from!),
    to: BigInt(to!),
  };
  return { ...event, what: what as WorkerEvent['what'] };
}
