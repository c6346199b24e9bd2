/**
 * A decoded value as JSON can carry it, for people and APIs: bigints and numbers that JSON does not have as text, bytes in
 * base64. Texts and numbers look alike then; whoever needs to tell them apart has the schema.
 */
export function decodedJson(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
      if (Array.isArray(value)) return value.map(decodedJson);
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, decodedJson(member)]));
    default:
      return value;
  }
}
