import { z } from 'zod';
import { settingMeta, settingsTable } from '#libs/foundation/config';
import { CLUSTERS_EXAMPLE } from './cluster-example.ts';
import { clusterSection } from './cluster-schema.ts';

const INTRODUCTION = `# Clusters

The relay publishes topics to any number of Kafka clusters. Clusters without TLS and authentication fit into one variable:

\`\`\`
TIDEMARK_CLUSTERS="local=127.0.0.1:9092"
TIDEMARK_CLUSTERS="eu=kafka-1.eu:9092,kafka-2.eu:9092; us=kafka.us:9092"
\`\`\`

Everything else is in a JSON file that \`TIDEMARK_CLUSTERS_FILE\` names: \`{ "clusters": { "<name>": { ... } } }\`. Both can be used
together, with different names. A name stands for what was published to the cluster: under another name it is another cluster.

- The start fails with all problems at once, each with its place. Keys that nobody knows are refused.
- Paths are relative to the folder of the file.
- Secrets are never in the file: a key that ends in \`File\` names a file with the secret, one that ends in \`Env\` an environment
  variable. They are looked at when the relay starts, and read again at each connection, so that a renewed password,
  certificate or token counts without a restart. A token from \`tokenUrl\` is kept until shortly before it expires; an endpoint
  with a certificate of your own authority needs \`NODE_EXTRA_CA_CERTS\`.
- Our principal needs READ, WRITE and DESCRIBE on the topics, CREATE and ALTER where \`createTopics\` is true, DESCRIBE_CONFIGS on
  the topics. Nobody else should have WRITE.
`;

const HEADERS = `## Headers

A record has the headers of its message, unchanged and in their order, and behind them in this order:

| name | value | when |
|---|---|---|
| \`tidemark-message-id\` | the message id, a UUID as text | always |
| \`tidemark-schema-id\` | id of the schema, in decimal | as \`headers.schemaId\` says |
| \`tidemark-topic\` | the topic's own name | where the cluster has another one for it |
| \`ce_specversion\`, \`ce_id\`, \`ce_source\`, \`ce_type\`, \`ce_time\`, \`ce_subject\`, \`content-type\` | CloudEvents 1.0 | with \`headers.cloudEvents\` |
| \`id\` | the message id | with \`headers.debezium\` |
| \`tidemark-time\` | when the message was written, ISO 8601 | where the topic does not take that as a timestamp |

No header is doubled. The \`tidemark-\` names above are ours: a message that has one, however it came into the outbox, is sent
without it, because consumers trust them. The other names belong to standards that an application may follow itself: what it
has written stays, and only what is missing is added.

\`ce_id\` is the message id, \`ce_time\` the time at which the message was written. \`ce_type\` comes from the message header that
\`typeHeader\` names (the last one of that name counts), else from \`type\`. A tombstone gets no \`content-type\`. A placeholder has the type
\`tidemark.placeholder\`, so that nobody takes it for an event of the application.
`;

/** docs/CLUSTERS.md. Depends on nothing but the schema and the example. */
export function renderClusterDocs(): string {
  return [
    INTRODUCTION,
    '## Keys of a cluster\n',
    `${settingsTable(keysOf(clusterSection, ''))}\n`,
    HEADERS,
    '## Example\n',
    `\`\`\`json\n${JSON.stringify(CLUSTERS_EXAMPLE, null, 2)}\n\`\`\`\n`,
  ].join('\n');
}

/** Keys by their dotted names, those of nested objects behind their own. */
function keysOf(schema: z.ZodObject, prefix: string): [string, z.ZodType][] {
  return Object.entries(schema.shape).flatMap(([key, inner]): [string, z.ZodType][] => {
    const name = prefix + key;
    const nested = objectIn(inner as z.ZodType);
    if (nested === undefined) return [[name, inner as z.ZodType]];
    const { description = '' } = settingMeta(inner as z.ZodType);
    return [
      [name, z.unknown().optional().describe(description).meta({ type: 'object' })],
      ...keysOf(nested, `${name}.`),
    ];
  });
}

function objectIn(schema: z.ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  return inner === undefined ? undefined : objectIn(inner);
}
