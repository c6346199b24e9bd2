/** The schema id that a value in the wire format of schema registries begins with: a zero byte and 4 bytes; null without. */
export function wireFormatSchemaId(value: Buffer | null): number | null {
  if (value === null || value.length < 5 || value[0] !== 0) return null;
  const id = value.readInt32BE(1);
  return id < 0 ? null : id;
}
