import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule, Writes } from '#libs/foundation/http';
import type { HealthChecks, Metrics } from '#libs/foundation/observability';
import { ClusterWorkController } from './http/clusters/cluster-work.controller.ts';
import { ClustersController } from './http/clusters/clusters.controller.ts';
import { FailoverController } from './http/clusters/failover.controller.ts';
import { TranslateController } from './http/clusters/translate.controller.ts';
import { VerifyController } from './http/clusters/verify.controller.ts';
import { GroupsController } from './http/groups.controller.ts';
import { RecordsController } from './http/records.controller.ts';
import { SequencerController } from './http/sequencer.controller.ts';
import { TailController } from './http/tail.controller.ts';
import { TopicsController } from './http/topics.controller.ts';
import { RELAY, type Relay } from './relay.ts';

export interface RelayModuleOptions {
  readonly relay: Relay;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly version: string;
}

/** The HTTP API of the relay. */
@Module({})
export class RelayModule {
  static forRoot({ relay, health, metrics, version }: RelayModuleOptions): DynamicModule {
    return {
      module: RelayModule,
      imports: [OperationsModule.forRoot({ health, metrics, info: { title: 'Tidemark outbox relay', version } })],
      controllers: [
        TopicsController,
        RecordsController,
        TailController,
        GroupsController,
        SequencerController,
        ClustersController,
        ClusterWorkController,
        TranslateController,
        FailoverController,
        VerifyController,
      ],
      providers: [
        { provide: RELAY, useValue: relay },
        { provide: Writes, useValue: new Writes(relay.db) },
      ],
    };
  }
}
