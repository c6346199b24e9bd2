import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { KafkaDistribution } from '../distribution/distribution.ts';
import { javaArguments } from '../distribution/java-command.ts';

/** Kafka's own programs by the names of their scripts. */
const MAIN_CLASSES = {
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-dump-log': 'org.apache.kafka.tools.DumpLogSegments',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
} as const;

export type KafkaTool = keyof typeof MAIN_CLASSES;

export interface KafkaToolOptions {
  /** Given to it on standard input. */
  readonly input?: string | Buffer;
  /** It is ended after so long, which is an error. Default 60,000. */
  readonly withinMs?: number;
}

/** Runs one of Kafka's programs, in a second or two, and returns what it wrote to standard output. Throws with both outputs when it fails. */
export async function kafkaTool(
  kafka: KafkaDistribution,
  tool: KafkaTool,
  args: readonly string[],
  options: KafkaToolOptions = {},
): Promise<Buffer> {
  return await runProgram(kafka.java, javaArguments(kafka, { main: MAIN_CLASSES[tool], args }), {
    ...options,
    name: tool,
  });
}

/** Runs a program to its end and returns its standard output. Throws with both outputs when it fails or takes too long. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { name, input, withinMs = 60_000 }: KafkaToolOptions & { readonly name: string },
): Promise<Buffer> {
  const child = spawn(program, args, { timeout: withinMs, killSignal: 'SIGKILL' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // It may end without having read everything, which its exit code says better.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) {
    const said = Buffer.concat([...err, Buffer.from('\n'), ...out]).toString();
    throw new Error(`${name} ended with ${String(signal ?? code)}: ${said}`);
  }
  return Buffer.concat(out);
}
