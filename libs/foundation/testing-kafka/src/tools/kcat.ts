import { spawnSync } from 'node:child_process';
import { runProgram } from './kafka-tool.ts';
import type { ReadRecord, RecordsToRead } from './read-record.ts';

const READ_MS = 30_000;
const NEWLINE = 0x0a;
/** Partition, offset, timestamp and the lengths of key, value and headers; then those three and a line end. */
const FORMAT = '%p %o %T %K %S\\n%k%s%h\\n';

/** Why kcat cannot be run here, for the names of skipped tests; undefined when it can. */
export function kcatMissing(): string | undefined {
  return spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0 ? undefined : 'no kcat (Debian package kcat)';
}

/** Reads records with kcat, which is librdkafka's view of a topic. Header values must be text without commas and line ends. */
export async function kcat(wanted: RecordsToRead): Promise<ReadRecord[]> {
  const output = await runProgram(
    'kcat',
    [
      '-C',
      '-q',
      '-b',
      wanted.bootstrap,
      '-t',
      wanted.topic,
      '-p',
      String(wanted.partition ?? 0),
      '-o',
      String(wanted.offset ?? 0n),
      '-c',
      String(wanted.count),
      '-f',
      FORMAT,
    ],
    { name: 'kcat', withinMs: READ_MS },
  );
  return [...parseRecords(output)];
}

function* parseRecords(output: Buffer): Generator<ReadRecord> {
  for (let at = 0; at < output.length;) {
    const headEnd = output.indexOf(NEWLINE, at);
    const [partition, offset, timestamp, keyLength, valueLength] = String(output.subarray(at, headEnd)).split(' ');
    const valueAt = headEnd + 1 + Math.max(0, Number(keyLength));
    const headersAt = valueAt + Math.max(0, Number(valueLength));
    const end = output.indexOf(NEWLINE, headersAt);
    yield {
      partition: Number(partition),
      offset: BigInt(offset!),
      timestamp: BigInt(timestamp!),
      // The length of a null is -1.
      key: Number(keyLength) < 0 ? null : output.subarray(headEnd + 1, valueAt),
      value: Number(valueLength) < 0 ? null : output.subarray(valueAt, headersAt),
      headers: parseHeaders(String(output.subarray(headersAt, end))),
    };
    at = end + 1;
  }
}

function parseHeaders(text: string): (readonly [string, string])[] {
  if (text === '') return [];
  return text.split(',').map((header) => {
    const equals = header.indexOf('=');
    return [header.slice(0, equals), header.slice(equals + 1)] as const;
  });
}
