import type { KafkaDistribution } from './distribution.ts';

/** Small and quick to start rather than fast in the long run. */
const OPTIONS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Djava.awt.headless=true'];
const HEAP_MB = 256;

export interface JavaRun {
  readonly main: string;
  readonly args: readonly string[];
  /** Which of Kafka's log lines go to standard error. Default: `warn`. */
  readonly logLevel?: 'info' | 'warn' | 'error';
  /** Default 256. */
  readonly heapMb?: number;
  readonly options?: readonly string[];
}

/** The arguments with which Java runs a class of the distribution. */
export function javaArguments(kafka: KafkaDistribution, run: JavaRun): string[] {
  const log = 'org.slf4j.simpleLogger';
  return [
    `-Xmx${run.heapMb ?? HEAP_MB}m`,
    ...(run.options ?? OPTIONS),
    `-D${log}.defaultLogLevel=${run.logLevel ?? 'warn'}`,
    `-D${log}.showDateTime=true`,
    `-D${log}.dateTimeFormat=HH:mm:ss.SSS`,
    // Prints each setting of each client and broker, a few hundred lines at a time.
    ...['config.AbstractConfig', 'utils.AppInfoParser'].map(
      (name) => `-D${log}.log.org.apache.kafka.common.${name}=warn`,
    ),
    '-cp',
    kafka.classpath,
    run.main,
    ...run.args,
  ];
}
