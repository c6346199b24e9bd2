/** What a public client shall do. `value` is tagged text, see tagged-json.ts. */
export interface ClientStep {
  readonly client: '1.8.2' | '1.9.0' | '1.10.1' | 'kafkajs';
  readonly format: 'avro' | 'json' | 'protobuf';
  readonly topic: string;
  /** To write, as tagged JSON. */
  readonly value?: string;
  /** To read, in hex. */
  readonly bytes?: string;
  /** Write the guid into a header. */
  readonly header?: boolean;
  readonly schemaId?: number;
}

/** Bytes in hex that were written, or the tagged value that was read. */
export interface ClientResult {
  readonly bytes?: string;
  readonly header?: string;
  readonly value?: string;
}

export interface ClientTask {
  readonly url: string;
  /** Serialized file descriptors, in base64, of the payment and of what it imports. */
  readonly payment: string;
  readonly money: string;
  readonly steps: readonly ClientStep[];
}

/** JSON text with bigints and bytes. */
export function tagged(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return { $bigint: part.toString() };
    const bytes = part as { type?: string; data?: number[] } | null;
    return bytes?.type === 'Buffer' ? { $bytes: Buffer.from(bytes.data ?? []).toString('hex') } : part;
  });
}

export function untagged(text: string): unknown {
  return JSON.parse(text, (_key, part: { $bigint?: string; $bytes?: string } | null) => {
    if (typeof part?.$bigint === 'string') return BigInt(part.$bigint);
    return typeof part?.$bytes === 'string' ? Buffer.from(part.$bytes, 'hex') : part;
  });
}
