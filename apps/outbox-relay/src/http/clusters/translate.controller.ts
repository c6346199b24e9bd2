import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, endpoint, Input, type InputOf, zInt64Text, zOffset, zPartition } from '#libs/foundation/http';
import { translatePlace } from '../../clusters/translate-place.ts';
import { RELAY, type Relay } from '../../relay.ts';
import { zClusterName, zTopicName } from './wire-names.ts';

const translate = endpoint({
  summary: 'Translate an offset of one cluster into that of another',
  description:
    'Exact: where a consumer that stands at the offset goes on with the same record. `log` in the place of a cluster is the log itself. The topic goes by its own name.',
  role: 'viewer',
  params: z.object({ cluster: zClusterName }),
  query: z.object({ to: zClusterName, topic: zTopicName, partition: zPartition, offset: zOffset }),
  response: z.strictObject({
    topic: z.string(),
    partition: z.int(),
    from: z.strictObject({ cluster: z.string(), offset: zInt64Text }),
    to: z.strictObject({ cluster: z.string(), offset: zInt64Text }),
    logOffset: zInt64Text.meta({ description: 'Of the record that is read next.' }),
    skipped: zInt64Text.meta({ description: 'Records that the target never got, because the log had dropped them.' }),
    present: z.boolean().meta({ description: 'Whether the target has that record already.' }),
    lacking: zInt64Text.meta({ description: 'Records before it that the target still lacks.' }),
  }),
  errors: ['CLUSTER_UNKNOWN', 'TOPIC_UNKNOWN', 'PARTITION_INVALID', 'TOPIC_NOT_PUBLISHED'],
});

@Controller('v1/clusters')
export class TranslateController {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  @Get(':cluster/translate')
  @Endpoint(translate)
  async translate(@Input() { params, query }: InputOf<typeof translate>) {
    const { topic, partition, offset, to } = query;
    const from = params.cluster;
    const found = await translatePlace(this.relay.db, this.relay.reader, { from, to, topic, partition, offset });
    const next = found.logOffset + found.skipped;
    const lacking = next > found.targetEnd ? next - found.targetEnd : 0n;
    return {
      topic,
      partition,
      from: { cluster: from, offset: offset.toString() },
      to: { cluster: to, offset: found.clusterOffset.toString() },
      logOffset: found.logOffset.toString(),
      skipped: found.skipped.toString(),
      present: next < found.targetEnd,
      lacking: lacking.toString(),
    };
  }
}
