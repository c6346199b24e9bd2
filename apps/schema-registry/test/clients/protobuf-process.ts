import { createInterface } from 'node:readline';
import {
  createMutableRegistry,
  createRegistry,
  type DescFile,
  type DescMessage,
  fromJson,
  type JsonValue,
  type Message,
  toJson,
} from '@bufbuild/protobuf';
import { fileDesc } from '@bufbuild/protobuf/codegenv2';
import { file_google_protobuf_timestamp } from '@bufbuild/protobuf/wkt';
import client110 from 'confluent-schemaregistry-1-10';
import client18 from 'confluent-schemaregistry-1-8';
import client19 from 'confluent-schemaregistry-1-9';
import { FILES, type GeneratedFile } from './generated-files.ts';
import type { ProtobufResult, ProtobufStep, ProtobufTask } from './protobuf-steps.ts';

/*
 * Runs one of Confluent's clients as an application does, in a process of its own: what its Protobuf part depends on does not load
 * in the test runner's contexts. Reads ProtobufTasks, one a line, and prints the ProtobufResults of each as a line.
 */

type Library = typeof client110;
const LIBRARIES = { '1.8.2': client18, '1.9.0': client19, '1.10.1': client110 } as unknown as Record<string, Library>;

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line) as ProtobufTask;
  const results: ProtobufResult[] = [];
  for (const step of task.steps) results.push(await run(task, step).catch(shownError));
  process.stdout.write(`${JSON.stringify(results)}\n`);
}

async function run({ url, client }: ProtobufTask, step: ProtobufStep): Promise<ProtobufResult> {
  const library = LIBRARIES[client]!;
  const registry = new library.SchemaRegistryClient({ baseURLs: [url], cacheCapacity: 100, maxRetries: 0 });
  const { VALUE } = library.SerdeType;
  if (step.do === 'read') {
    const deserializer = new library.ProtobufDeserializer(registry, VALUE, {});
    const read = (await deserializer.deserialize(step.topic, Buffer.from(step.bytes, 'hex'))) as Message;
    return { message: read.$typeName, value: toJson(messageOf(step.file, read.$typeName), read) };
  }
  const type = messageOf(step.file, step.message);
  const settings = { autoRegisterSchemas: true, registry: createMutableRegistry(type), ...step.settings };
  const serializer = new library.ProtobufSerializer(registry, VALUE, settings);
  const bytes = await serializer.serialize(step.topic, fromJson(type, step.value as JsonValue));
  return { bytes: bytes.toString('hex') };
}

function shownError(error: unknown): ProtobufResult {
  const { message, status, errorCode } = error as Error & { status?: number; errorCode?: number };
  return { error: { message, status, errorCode } };
}

function messageOf(file: keyof typeof FILES, name: string): DescMessage {
  const message = createRegistry(generated(FILES[file])).getMessage(name);
  if (message === undefined) throw new Error(`${file} has no message ${name}`);
  return message;
}

/** The file as the code that protobuf-es generates declares it. */
function generated({ descriptor, imports }: GeneratedFile): DescFile {
  return fileDesc(descriptor, [...imports.map(generated), file_google_protobuf_timestamp]);
}
