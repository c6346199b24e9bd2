import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KafkaDistribution } from '../distribution/distribution.ts';
import { javaArguments } from '../distribution/java-command.ts';

const FORMAT_MS = 60_000;
const run = promisify(execFile);

export interface StorageToFormat {
  /** The broker's server.properties. */
  readonly properties: string;
  readonly clusterId: string;
  readonly formatArguments: readonly string[];
}

/** Writes the identity of the cluster and the first metadata into a broker's folder, as `kafka-storage format` does. */
export async function formatStorage(kafka: KafkaDistribution, storage: StorageToFormat): Promise<void> {
  const args = javaArguments(kafka, {
    main: 'kafka.tools.StorageTool',
    args: ['format', '-t', storage.clusterId, '-c', storage.properties, ...storage.formatArguments],
  });
  try {
    await run(kafka.java, args, { timeout: FORMAT_MS, encoding: 'utf8' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`the broker's storage could not be formatted: ${stdout}${stderr}`, { cause: error });
  }
}
