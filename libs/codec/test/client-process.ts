import { text } from 'node:stream/consumers';
import { create, createFileRegistry, createMutableRegistry, type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import kafkajs from '@kafkajs/confluent-schema-registry';
import client110 from 'confluent-schemaregistry-1-10';
import client18 from 'confluent-schemaregistry-1-8';
import client19 from 'confluent-schemaregistry-1-9';
import { type ClientResult, type ClientStep, type ClientTask, tagged, untagged } from './client-steps.ts';

/*
 * Runs the public clients as applications do, in a process of their own: their dependencies do not load in the test runner's
 * contexts, nor with the export condition that this repository is run with. Reads a ClientTask, prints ClientResults.
 */

type Library = typeof client110;
const LIBRARIES = { '1.8.2': client18, '1.9.0': client19, '1.10.1': client110 } as unknown as Record<string, Library>;

const task = JSON.parse(await text(process.stdin)) as ClientTask;
const results: ClientResult[] = [];
for (const step of task.steps) results.push(await (step.client === 'kafkajs' ? runKafkaJs(step) : runConfluent(step)));
process.stdout.write(JSON.stringify(results));

async function runKafkaJs({ value, bytes, schemaId }: ClientStep): Promise<ClientResult> {
  const registry = new kafkajs.SchemaRegistry({ host: task.url });
  if (value !== undefined) return { bytes: (await registry.encode(schemaId!, untagged(value))).toString('hex') };
  return { value: tagged(await registry.decode(Buffer.from(bytes!, 'hex'))) };
}

async function runConfluent({ client, format, topic, value, bytes, header }: ClientStep): Promise<ClientResult> {
  const library = LIBRARIES[client]!;
  const registry = new library.SchemaRegistryClient({ baseURLs: [task.url], cacheCapacity: 100 });
  const { type, messages } = payment();
  const settings = {
    useLatestVersion: true,
    autoRegisterSchemas: false,
    validate: true,
    registry: messages,
    ...(header === true ? { schemaIdSerializer: library.HeaderSchemaIdSerializer } : {}),
  } as never;
  const parts = {
    avro: [library.AvroSerializer, library.AvroDeserializer],
    json: [library.JsonSerializer, library.JsonDeserializer],
    protobuf: [library.ProtobufSerializer, library.ProtobufDeserializer],
  }[format] as unknown as [typeof library.AvroSerializer, typeof library.AvroDeserializer];
  if (value === undefined) {
    const read: unknown = await new parts[1](registry, library.SerdeType.VALUE, {}).deserialize(
      topic,
      Buffer.from(bytes!, 'hex'),
    );
    return { value: tagged(read) };
  }
  const headers: Record<string, Buffer> = {};
  const given = format === 'protobuf' ? create(type, untagged(value) as never) : untagged(value);
  const written = await new parts[0](registry, library.SerdeType.VALUE, settings).serialize(topic, given, headers);
  return { bytes: written.toString('hex'), header: headers['__value_schema_id']?.toString('hex') };
}

/** Descriptors of the file and of what it imports, as generated code has them. */
function payment(): { type: DescMessage; messages: ReturnType<typeof createMutableRegistry> } {
  const money = descriptor('money.proto', task.money);
  const files = createFileRegistry(descriptor('payment.proto', task.payment), () => money);
  const type = files.getMessage('pay.Payment') as DescMessage;
  return { type, messages: createMutableRegistry(type) };
}

function descriptor(path: string, serialized: string) {
  const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(serialized, 'base64'));
  file.name = path;
  return file;
}
