/** A message as a row of copyRuns has it. */
export interface CopiedMessage {
  readonly messageId: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, string | null | { readonly base64: string }])[] | null;
  readonly schemaId: number | null;
  readonly timeMs: number;
}

export interface CopiedSlice {
  /** Index of its run, from 1. */
  readonly wanted: number;
  readonly placeholders: number;
  readonly topic: string;
  readonly messages: readonly CopiedMessage[];
}

/**
 * Slices as Postgres copies them in its binary format. Positions count from 1; the first messages of all slices have the
 * lowest, then the second ones, and so on.
 */
export function copyOf(slices: readonly CopiedSlice[], order: (rows: Buffer[]) => Buffer[] = (rows) => rows): Buffer {
  const rows: Buffer[] = [Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')];
  const positions = slices.map((): bigint[] => []);
  const messages: Buffer[] = [];
  for (let index = 0; slices.some((slice) => index < slice.messages.length); index += 1) {
    for (const [place, slice] of slices.entries()) {
      const message = slice.messages[index];
      if (message === undefined) continue;
      const position = BigInt(messages.length + 1);
      positions[place]!.push(position);
      messages.push(row([null, int64(position), ...fieldsOf(message)]));
    }
  }
  for (const [place, { wanted, placeholders, topic }] of slices.entries()) {
    const described = [wanted, positions[place]!.length, placeholders, topic].join(',');
    rows.push(row([Buffer.from(described), null, null, null, arrayOf(positions[place]!), null, null, null]));
  }
  return Buffer.concat([...rows, ...order(messages), Buffer.from([0xff, 0xff])]);
}

/** As array_send: dimensions, flags, type, length, lower bound, elements. */
function arrayOf(values: readonly bigint[]): Buffer {
  const head = [1, 0, 20, values.length, 1].map(int32);
  return Buffer.concat([...head, ...values.flatMap((value) => [int32(8), int64(value)])]);
}

function fieldsOf({ messageId, key, value, headers, schemaId, timeMs }: CopiedMessage): (Buffer | null)[] {
  const json = headers === null ? null : Buffer.from(JSON.stringify(headers));
  const uuid = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  const since2000 = BigInt(Math.round(timeMs * 1_000)) - 946_684_800_000_000n;
  return [uuid, key, value, json, schemaId === null ? null : int32(schemaId), int64(since2000)];
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function row(fields: readonly (Buffer | null)[]): Buffer {
  const head = Buffer.alloc(2);
  head.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : field.length);
    return field === null ? [length] : [length, field];
  });
  return Buffer.concat([head, ...parts]);
}
