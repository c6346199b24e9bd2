import { z } from 'zod';
import { CLUSTER_NAME, CLUSTER_NAME_RULE, connectionShape } from '#libs/foundation/kafka';
import { PUBLISHER_DEFAULTS } from '../publisher-options.ts';
import { parseTopicPattern } from '../topics/topic-pattern.ts';

const pattern = z.string().transform((text, context) => {
  const parsed = parseTopicPattern(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});
const patterns = z.array(pattern).max(1_000);

const topics = z.strictObject({
  include: patterns
    .min(1, 'expected at least one pattern; leave it out for all topics')
    .prefault(['*'])
    .describe('Topics that are published: by name, `*` for any characters, `?` for one, `{a,b}` for one of several.')
    .meta({ type: 'array of patterns' }),
  exclude: patterns
    .prefault([])
    .describe('Topics that are not, though `include` fits them.')
    .meta({ type: 'array of patterns' }),
});

/** A template whose placeholders are all among the given ones. */
const template = (...names: string[]) =>
  z
    .string()
    .min(1)
    .max(1_000)
    .superRefine((text, context) => {
      for (const [placeholder, name] of text.matchAll(/\$\{([^}]*)\}?/g)) {
        if (names.includes(name!) && placeholder.endsWith('}')) continue;
        const known = names.map((known) => `\${${known}}`).join(' and ');
        context.addIssue({ code: 'custom', message: `${placeholder} is no placeholder; known are ${known}` });
      }
    });

const naming = z
  .strictObject({
    prefix: z
      .string()
      .regex(/^[a-zA-Z0-9._-]{0,200}$/, 'expected letters, digits, . _ or -')
      .default('')
      .describe('Stands before each name.'),
    template: template('topic', 'source')
      .refine((text) => text.includes('${topic}'), 'must contain ${topic}: all topics would have one name otherwise')
      .default('${topic}')
      .describe('Name of a topic on the cluster; `${topic}` is its own name, `${source}` is `source`.'),
    source: z
      .string()
      .regex(/^[a-zA-Z0-9._-]{1,200}$/, 'expected letters, digits, . _ or -')
      .optional()
      .describe('What the messages come from, such as the name of the service.'),
  })
  .superRefine((given, context) => {
    if (given.template.includes('${source}') && given.source === undefined) {
      context.addIssue({ code: 'custom', path: ['source'], message: 'is required, the template has ${source}' });
    }
  });

const headerName = z.string().min(1).max(255);

const cloudEvents = z.strictObject({
  source: template('topic').describe('`ce_source`, a URI reference; `${topic}` is the name of the topic.'),
  type: template('topic').default('${topic}').describe('`ce_type` of messages that name none.'),
  typeHeader: headerName.optional().describe('The message header that names the type.'),
  subjectHeader: headerName.optional().describe('The message header that names `ce_subject`.'),
  subjectFromKey: z
    .boolean()
    .default(false)
    .describe('Whether a key that is text is `ce_subject`, where no header is.'),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(?: *;.*)?$/, 'expected a media type such as application/json')
    .optional()
    .describe('`content-type` of messages that have none.'),
});

const headers = z.strictObject({
  schemaId: z
    .enum(['unless-in-value', 'always', 'never'])
    .default('unless-in-value')
    .describe('When `tidemark-schema-id` is sent: a value in the wire format of schema registries begins with the id.'),
  cloudEvents: cloudEvents
    .optional()
    .describe('Present: records carry the attributes of CloudEvents 1.0, binary mode.'),
  debezium: z.boolean().default(false).describe("Whether the message id is sent as Debezium's header `id` as well."),
});

const configValue = z
  .union([z.string(), z.number(), z.boolean()], 'expected text, a number or a boolean')
  .transform(String);

const topicConfigs = z
  .record(z.string(), z.record(z.string().min(1).max(255), configValue))
  .transform((given, context) =>
    Object.entries(given).flatMap(([text, configs]) => {
      const parsed = parseTopicPattern(text);
      if (typeof parsed !== 'string') return [{ pattern: parsed, configs }];
      context.addIssue({ code: 'custom', path: [text], message: parsed });
      return [];
    }),
  );

const whole = (min: number, max: number) => z.number().int().min(min).max(max);

/** A cluster in the file: how it is reached, and how it is published to. */
export const clusterSection = z.strictObject({
  ...connectionShape,
  required: z
    .boolean()
    .default(true)
    .describe('Whether retention waits until this cluster has a record; false: it may miss what it was away for.'),
  topics: topics.prefault({}).describe('Which topics go to it.'),
  naming: naming
    .prefault({})
    .describe('What they are called there. Not to be changed later: other names are other topics.'),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('How batches are compressed.'),
  lingerMs: whole(0, 10_000).default(0).describe('How long a batch waits for more records, in ms.'),
  batchMaxBytes: whole(1_024, 104_857_600)
    .default(PUBLISHER_DEFAULTS.batchBytes)
    .describe('A batch is sent when it has so many bytes; a larger record has a batch of its own.'),
  mode: z
    .enum(['auto', 'exact', 'at-least-once'])
    .default('auto')
    .describe('`auto`: exact where the cluster can do it, else at least once and in order. `exact`: that or nothing.'),
  createTopics: z.boolean().default(true).describe('Whether topics and partitions that are missing are created.'),
  replicationFactor: whole(-1, 32_767)
    .refine((factor) => factor !== 0, "expected a whole number from 1, or -1 for the cluster's default")
    .default(-1)
    .describe("Replicas of topics that are created; -1: the cluster's default.")
    .meta({ type: 'integer' }),
  topicConfigs: topicConfigs
    .prefault({})
    .describe("Kafka's configs of topics that are created, by pattern; of those that fit, a later one wins.")
    .meta({ type: 'object' }),
  headers: headers.prefault({}).describe('What records carry beside their own headers and `tidemark-message-id`.'),
  existingTopics: z
    .enum(['adopt', 'refuse'])
    .default('adopt')
    .describe('Whether a topic that holds records of others at the first contact is published to, behind them.'),
  canary: z
    .strictObject({
      intervalMs: whole(1_000, 3_600_000).describe('Time from one synthetic event to the next, in ms.'),
    })
    .optional()
    .describe('Present: synthetic events measure the time from commit to readable.'),
});

export const clustersFile = z.strictObject({
  clusters: z.record(z.string().regex(CLUSTER_NAME, CLUSTER_NAME_RULE), clusterSection),
});

export type ClusterSection = z.output<typeof clusterSection>;
