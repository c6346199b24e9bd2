import { fileURLToPath } from 'node:url';
import { describeError } from '#libs/foundation/kernel';
import { parseBenchOptions } from './bench-options.ts';
import { startBenchServer } from './start-bench-server.ts';
import type { Finding } from './finding.ts';
import type { Measurement } from './measurement.ts';
import { codecSuite } from './codec/codec-suite.ts';
import { consumerSuite } from './consumer/consumer-suite.ts';
import { kafkaSuite } from './kafka/kafka-suite.ts';
import { outboxSuite } from './outbox/outbox-suite.ts';
import { registrySuite } from './registry/registry-suite.ts';
import { conditions, table, writeReport } from './report.ts';

/*
 * npm run bench -- <suite> [--only a,b] [--rounds n] [--seconds n] [--backlog n] [--history n] [--memory-messages n] [--cases a,b]
 *
 * Measures on a Postgres of its own, prints a table, writes JSON to bench-results/. Exit code 1 when a target is missed.
 */
const SUITES: Readonly<Record<string, readonly Measurement[]>> = {
  outbox: outboxSuite,
  registry: registrySuite,
  codec: codecSuite,
  kafka: kafkaSuite,
  consumer: consumerSuite,
};
const RESULTS = fileURLToPath(new URL('../../bench-results', import.meta.url));

async function main(): Promise<void> {
  const options = parseBenchOptions(process.argv.slice(2));
  const names = options.suites.length > 0 ? options.suites : Object.keys(SUITES);
  const unknown = names.filter((name) => SUITES[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`no suite '${unknown.join(', ')}'; there are: ${Object.keys(SUITES).join(', ')}`);
  const progress = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const server = await startBenchServer(progress);
  let missed = false;
  try {
    for (const suite of names) {
      const startedAt = new Date();
      const findings: Finding[] = [];
      for (const measurement of SUITES[suite]!) {
        if (options.only.length > 0 && !options.only.includes(measurement.name)) continue;
        progress(`${suite}: ${measurement.name}`);
        await measurement.run({ server, options, progress }, (finding) => {
          findings.push(finding);
          progress(
            `  ${finding.what}: ${finding.measured} | ${finding.floor} | ${finding.ratio?.median.toFixed(3) ?? ''}`,
          );
        });
      }
      console.log(`\n${table(findings)}\n`);
      const path = await writeReport(RESULTS, suite, { startedAt, conditions: conditions(server), options, findings });
      console.log(`written to ${path}`);
      missed ||= findings.some((finding) => finding.met === false);
    }
  } finally {
    await server.stop();
  }
  if (missed) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
