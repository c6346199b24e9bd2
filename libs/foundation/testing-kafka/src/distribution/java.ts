import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Kafka's brokers run on nothing older since 4.0. */
const OLDEST = 17;
const ANSWER_MS = 20_000;

/** A Java that can run a broker, or why there is none. */
export type JavaFound = { readonly java: string } | { readonly missing: string };

/** Looks at JAVA_HOME, or else for `java` on the path. */
export function findJava(env: NodeJS.ProcessEnv = process.env): JavaFound {
  const home = env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const answer = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: ANSWER_MS, env });
  if (answer.error !== undefined || answer.status !== 0) return { missing: `no Java (${java} cannot be run)` };
  const major = javaMajor(answer.stderr + answer.stdout);
  if (major === undefined || major < OLDEST)
    return { missing: `no Java ${OLDEST} or later (${java} is version ${major ?? 'unknown'})` };
  return { java };
}

/** The 17 of `openjdk version "17.0.15"`, and the 8 of "1.8.0_412". */
export function javaMajor(banner: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(banner)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Whether Maven can be run. */
export function hasMaven(env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync('mvn', ['-v'], { timeout: ANSWER_MS, stdio: 'ignore', env }).status === 0;
}
