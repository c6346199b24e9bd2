import { crc32c, Writer } from '@platformatic/kafka';

/** CRC-32C. Handed over inside a writer, because the library copies a plain buffer before it reads it. */
export const checksum = (bytes: Buffer): number => crc32c(Writer.create().append(bytes).dynamicBuffer);
