import type { KafkaRecord } from '../record.ts';
import { headerName } from './header-name.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** Headers with their number before them, as they lie in a record. */
export function encodeHeaders(headers: KafkaRecord['headers']): Buffer {
  const parts: Buffer[] = [varint(headers.length)];
  for (const [name, value] of headers) {
    const nameBytes = headerName(name);
    parts.push(varint(nameBytes.length), nameBytes);
    if (value === null) parts.push(varint(-1));
    else parts.push(varint(value.length), value);
  }
  return Buffer.concat(parts);
}

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(varintBytes(value));
  writeVarint(bytes, 0, value);
  return bytes;
}
