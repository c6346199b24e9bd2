import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findJava, hasMaven } from './java.ts';
import { KAFKA_VERSION, pom } from './pom.ts';

/** A Kafka on this machine's disk and a Java to run it with. */
export interface KafkaDistribution {
  readonly version: string;
  /** The program. */
  readonly java: string;
  readonly classpath: string;
}

/** Where the jars are kept between runs: a folder that is complete whenever it exists. Another pom gets another folder. */
export function jarFolder(env: NodeJS.ProcessEnv = process.env): string {
  const caches = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const digest = createHash('sha256').update(pom(KAFKA_VERSION)).digest('hex').slice(0, 8);
  return join(caches, 'tidemark', `kafka-${KAFKA_VERSION}-${digest}`);
}

/** Why no Kafka can run on this machine, for the names of skipped tests; undefined when one can. Asked once per process. */
export function kafkaMissing(): string | undefined {
  return (known ??= { missing: lookForKafka() }).missing;
}

let known: { missing: string | undefined } | undefined;

function lookForKafka(): string | undefined {
  const found = findJava();
  if ('missing' in found) return found.missing;
  if (!existsSync(jarFolder()) && !hasMaven()) return 'no Maven (mvn) to fetch Apache Kafka with';
  return undefined;
}
