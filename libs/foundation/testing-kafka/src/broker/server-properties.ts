import { type DoorSettings, doorProperties } from './door-properties.ts';
import { type Door, LISTENERS } from './doors.ts';

/** One broker of a cluster, each of which is a controller too. */
export interface BrokerSite {
  readonly id: number;
  readonly controllerPort: number;
  readonly dataDir: string;
  /** Where it listens, and under which port its clients are told to find it when that is another one. */
  readonly doors: readonly { readonly door: Door; readonly port: number; readonly advertisedPort?: number }[];
}

export interface BrokerSettings extends DoorSettings {
  /** Turns on the authorizer: only who comes by a door without sign-in, and the user `admin`, may do everything. */
  readonly authorize: boolean;
  /** Wins over everything else. */
  readonly config: Readonly<Record<string, string>>;
}

/** The server.properties of a broker in the cluster of `sites`. */
export function serverProperties(site: BrokerSite, sites: readonly BrokerSite[], settings: BrokerSettings): string {
  const properties: Record<string, string> = {
    ...addresses(site, sites),
    ...forTests(sites.length),
    ...Object.assign({}, ...site.doors.map(({ door }) => doorProperties(door, settings))),
    ...(settings.authorize
      ? {
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'super.users': 'User:ANONYMOUS;User:admin',
        }
      : {}),
    ...settings.config,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}

function addresses(site: BrokerSite, sites: readonly BrokerSite[]): Record<string, string> {
  const listeners = site.doors.map(({ door, port }) => `${LISTENERS[door].name}://127.0.0.1:${port}`);
  return {
    'process.roles': 'broker,controller',
    'node.id': String(site.id),
    'controller.quorum.voters': sites.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': LISTENERS.plain.name,
    listeners: [`CONTROLLER://127.0.0.1:${site.controllerPort}`, ...listeners].join(','),
    'advertised.listeners': site.doors
      .map(({ door, port, advertisedPort }) => `${LISTENERS[door].name}://127.0.0.1:${advertisedPort ?? port}`)
      .join(','),
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      ...site.doors.map(({ door }) => `${LISTENERS[door].name}:${LISTENERS[door].protocol}`),
    ].join(','),
    'log.dirs': site.dataDir,
  };
}

/** A cluster that is small, notices quickly that a broker is gone, and does nothing that a test has not asked for. */
function forTests(brokers: number): Record<string, string> {
  const replicas = String(Math.min(brokers, 3));
  return {
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    'default.replication.factor': replicas,
    // A broker that is killed has lost its partitions after this time; by default 9 s.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'replica.lag.time.max.ms': '3000',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '4194304',
    // A deleted topic's files go at once rather than after a minute.
    'log.segment.delete.delay.ms': '1000',
  };
}
