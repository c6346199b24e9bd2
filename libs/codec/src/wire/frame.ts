import { TidemarkError } from '#libs/foundation/kernel';

/** Which schema bytes were written with, and where what follows it is: in the payload, or for header guids in `lead`. */
export type Frame =
  | { readonly by: 'id'; readonly id: number; readonly offset: number }
  | { readonly by: 'guid'; readonly guid: string; readonly lead: Buffer };

/** Whether a record's key or its value is meant. */
export type RecordPart = 'key' | 'value';

/** Headers that carry the guid in place of an id before the payload. */
export const SCHEMA_HEADERS: Readonly<Record<RecordPart, string>> = {
  key: '__key_schema_id',
  value: '__value_schema_id',
};

const ID_MAGIC = 0;
const GUID_MAGIC = 1;
/** Bytes before the lead. */
export const ID_PREFIX_BYTES = 5;
const GUID_PREFIX_BYTES = 17;
const ID_MAX = 2 ** 31 - 1;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The magic byte 0, the id as 4 bytes, big-endian, and the lead. */
export function idPrefix(id: number, lead: Uint8Array): Buffer {
  if (!Number.isInteger(id) || id < 0 || id > ID_MAX) {
    throw new TidemarkError('WIRE_FORMAT_INVALID', `${id} is no schema id`, { context: { id } });
  }
  const prefix = Buffer.alloc(ID_PREFIX_BYTES + lead.length, ID_MAGIC);
  prefix.writeInt32BE(id, 1);
  prefix.set(lead, ID_PREFIX_BYTES);
  return prefix;
}

/** The value of the header: magic byte 1, the 16 bytes of the guid, and the lead. */
export function guidHeader(guid: string, lead: Uint8Array): Buffer {
  if (!GUID.test(guid)) throw new TidemarkError('WIRE_FORMAT_INVALID', `${guid} is no schema guid`);
  return Buffer.concat([Buffer.of(GUID_MAGIC), Buffer.from(guid.replaceAll('-', ''), 'hex'), lead]);
}

/**
 * Reads which schema a payload was written with: the header first, where there is one, as Confluent's clients do.
 * Throws WIRE_FORMAT_INVALID.
 */
export function readFrame(payload: Buffer, header: Uint8Array | null | undefined): Frame {
  if (header && header[0] === GUID_MAGIC && header.length >= GUID_PREFIX_BYTES) {
    const bytes = Buffer.from(header);
    const hex = bytes.toString('hex', 1, GUID_PREFIX_BYTES);
    const guid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    return { by: 'guid', guid, lead: bytes.subarray(GUID_PREFIX_BYTES) };
  }
  if (header) refuse('the header with the schema guid does not start with 1 and 16 bytes more', header.length);
  if (payload.length < ID_PREFIX_BYTES) refuse('too short for a schema id', payload.length);
  if (payload[0] !== ID_MAGIC) refuse(`the first byte is ${payload[0]}, not 0`, payload.length);
  const id = payload.readInt32BE(1);
  if (id < 0) refuse(`the schema id is ${id}`, payload.length);
  return { by: 'id', id, offset: ID_PREFIX_BYTES };
}

/** Whether the bytes can be in the wire format at all: 0 and an id before whatever follows. */
export function looksFramed(payload: Uint8Array): boolean {
  return payload.length >= ID_PREFIX_BYTES && payload[0] === ID_MAGIC;
}

function refuse(why: string, bytes: number): never {
  throw new TidemarkError('WIRE_FORMAT_INVALID', `the payload is not in the registry's wire format: ${why}`, {
    context: { bytes },
  });
}
