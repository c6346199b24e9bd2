import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, endpoint, Input, type InputOf, zInt64Text } from '#libs/foundation/http';
import { readSequencerStatus } from '#libs/stores/log';
import { readHorizonHolders } from '#libs/stores/outbox';
import { RELAY, type Relay } from '../relay.ts';
import { leaseHolderView, zLeaseHolder } from './lease-holder-view.ts';

const zHolder = z
  .strictObject({
    fence: zInt64Text,
    pid: z.int().nullable().meta({ description: 'Null for a prepared transaction.' }),
    state: z.string().nullable(),
    applicationName: z.string().nullable(),
    clientAddress: z.string().nullable(),
    ageMs: z.int().nullable(),
    query: z.string().nullable(),
    preparedId: z.string().nullable(),
  })
  .meta({ id: 'HorizonHolder' });

const describeSequencer = endpoint({
  summary: 'Where the sequencer is',
  description: 'Who leads, how far it has come, and which open transactions hold the horizon.',
  role: 'viewer',
  response: z.strictObject({
    leader: zLeaseHolder.nullable(),
    thisInstanceLeads: z.boolean(),
    term: zInt64Text,
    cursor: zInt64Text,
    horizon: zInt64Text,
    lastPosition: zInt64Text,
    lagMessages: zInt64Text,
    lagSeconds: z.number(),
    horizonHolders: z.array(zHolder),
  }),
});

@Controller('v1/sequencer')
export class SequencerController {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  @Get()
  @Endpoint(describeSequencer)
  async describeSequencer(@Input() _input: InputOf<typeof describeSequencer>) {
    const [now, holders] = await Promise.all([readSequencerStatus(this.relay.db), readHorizonHolders(this.relay.db)]);
    return {
      leader: leaseHolderView(now.leader),
      thisInstanceLeads: this.relay.sequencer.leading,
      term: now.term.toString(),
      cursor: now.cursor.toString(),
      horizon: now.horizon.toString(),
      lastPosition: now.lastPosition.toString(),
      lagMessages: now.lagMessages.toString(),
      lagSeconds: now.lagMs / 1000,
      horizonHolders: holders.map((holder) => ({ ...holder, fence: holder.fence.toString() })),
    };
  }
}
