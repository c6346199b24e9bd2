import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { jarFolder, type KafkaDistribution } from './distribution.ts';
import { findJava } from './java.ts';
import { KAFKA_VERSION, pom } from './pom.ts';

const FETCH_MS = 600_000;
const OUTPUT_KEPT = 4_000;
const run = promisify(execFile);

/**
 * Apache Kafka from Maven Central, about 45 MB, fetched when this machine does not have it yet. Runs side by side do not
 * disturb each other: the folder appears complete or not at all. Throws with Maven's last words when fetching fails, and
 * names what is missing where `kafkaMissing` does.
 */
export async function fetchKafka(): Promise<KafkaDistribution> {
  const found = findJava();
  if ('missing' in found) throw new Error(`Apache Kafka cannot run here: ${found.missing}`);
  const folder = jarFolder();
  if (!existsSync(folder)) await fetchInto(folder);
  return { version: KAFKA_VERSION, java: found.java, classpath: join(folder, '*') };
}

async function fetchInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const scratch = await mkdtemp(`${folder}.`);
  try {
    const jars = join(scratch, 'jars');
    await writeFile(join(scratch, 'pom.xml'), pom(KAFKA_VERSION));
    await maven(scratch, ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`]);
    await rename(jars, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run was faster; its folder holds the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function maven(folder: string, goals: readonly string[]): Promise<void> {
  try {
    await run('mvn', ['--quiet', '--batch-mode', ...goals], { cwd: folder, timeout: FETCH_MS, encoding: 'utf8' });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(
      `Maven could not fetch Apache Kafka ${KAFKA_VERSION}: ${(stdout + stderr).slice(-OUTPUT_KEPT) || message}`,
      { cause: error },
    );
  }
}
