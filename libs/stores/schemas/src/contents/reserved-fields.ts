import type { Metadata } from '#libs/formats/schema';

/** The property that names, separated by commas, the fields that a schema and its successors may not have. */
const RESERVED_PROPERTY = 'confluent:reserved';

/** The names that metadata reserve. */
export function reservedFields(metadata: Metadata | null): string[] {
  const names = metadata?.properties?.[RESERVED_PROPERTY]?.split(',') ?? [];
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
