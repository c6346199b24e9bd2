import type { KafkaRecord } from '../record.ts';
import type { BatchOptions } from './batch-head.ts';
import { RecordBatchWriter } from './record-batch-writer.ts';
import { RECORD_BATCH_OVERHEAD, recordBytes } from './record-size.ts';

/**
 * Records as one batch, ready to be produced, whatever their size: the same records and options give the same bytes. At
 * least one record; timestamps are whole ms.
 */
export function encodeRecordBatch(records: readonly KafkaRecord[], options: BatchOptions): Buffer {
  const bytesExpected = records.reduce((sum, record) => sum + recordBytes(record), RECORD_BATCH_OVERHEAD);
  const writer = new RecordBatchWriter({ maxBytes: bytesExpected, bytesExpected });
  for (const record of records) writer.add(record);
  return writer.finish(options);
}
