import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from './broker/certificates.ts';
import { clusterIdOf } from './broker/cluster-id.ts';
import { type Door, hasTls, type KafkaUser } from './broker/doors.ts';
import { freePorts } from './broker/free-ports.ts';
import { KafkaBroker } from './broker/kafka-broker.ts';
import { Reaper } from './broker/reaper.ts';
import { type BrokerSite, serverProperties } from './broker/server-properties.ts';
import { fetchKafka } from './distribution/fetch-kafka.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { KafkaProxy } from './proxy/kafka-proxy.ts';

export interface KafkaOptions {
  /** Default 1. */
  readonly brokers?: 1 | 3;
  /** Broker settings by Kafka's names; they win over those that the harness chooses. */
  readonly config?: Readonly<Record<string, string>>;
  /** Doors beside `plain`; `proxied` makes the cluster's proxy. */
  readonly doors?: readonly Exclude<Door, 'plain'>[];
  /** Who may sign in with SASL (PLAIN and SCRAM). Default: `relay` and `admin`, each with the password `<name>-secret`. */
  readonly users?: readonly KafkaUser[];
  /** Permissions by ACL. Who comes without sign-in, and `admin`, may do everything; others only what an ACL allows. Default false. */
  readonly authorize?: boolean;
}

const USERS: readonly KafkaUser[] = ['relay', 'admin'].map((name) => ({ name, password: `${name}-secret` }));
/** The name in the client's certificate; its principal is `User:CN=relay`. */
const CLIENT_NAME = 'relay';

/**
 * Starts a Kafka of the test's own on loopback, in about two seconds, fetching it when need be; resolves when every broker
 * is in. `stop()` in afterAll. Nothing of it outlives this process. Throws, with the brokers' last lines, when one does not come up.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const kafka = await fetchKafka();
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-kafka-'));
  const reaper = new Reaper(folder);
  let proxy: KafkaProxy | undefined;
  try {
    const doors: readonly Door[] = ['plain', ...(options.doors ?? [])];
    const users = options.users ?? USERS;
    const certificates = doors.some(hasTls) ? await makeCertificates(folder, CLIENT_NAME) : undefined;
    let sites = await chooseSites(folder, options.brokers ?? 1, doors);
    if (doors.includes('proxied')) {
      proxy = await KafkaProxy.start(sites.map(({ id, doors }) => ({ broker: id, port: portOf(doors, 'proxied') })));
      sites = sites.map((site) => advertise(site, proxy!.portOf(site.id)));
    }
    const clusterId = clusterIdOf(randomBytes(16));
    const brokers = await Promise.all(
      sites.map(async (site) => {
        const properties = join(folder, `broker-${site.id}.properties`);
        const settings = { users, authorize: options.authorize ?? false, config: options.config ?? {} };
        await writeFile(properties, serverProperties(site, sites, { ...settings, ...stores(certificates) }));
        const formatArguments = doors.some((door) => door.startsWith('sasl')) ? scramUsers(users) : [];
        const place = { id: site.id, properties, dataDir: site.dataDir, clusterId, formatArguments };
        return new KafkaBroker(place, kafka, reaper);
      }),
    );
    await Promise.all(brokers.map((broker) => broker.format()));
    await Promise.all(brokers.map((broker) => broker.start()));
    return new KafkaCluster({ kafka, folder, sites, brokers, proxy, certificates: certificates?.client, reaper });
  } catch (error) {
    await proxy?.stop();
    await reaper.finish();
    throw error;
  }
}

async function chooseSites(folder: string, brokers: number, doors: readonly Door[]): Promise<BrokerSite[]> {
  const sites: BrokerSite[] = [];
  for (let id = 1; id <= brokers; id += 1) {
    const [controllerPort, ...ports] = await freePorts(doors.length + 1);
    sites.push({
      id,
      controllerPort: controllerPort!,
      dataDir: join(folder, `broker-${id}`),
      doors: doors.map((door, index) => ({ door, port: ports[index]! })),
    });
  }
  return sites;
}

function portOf(doors: BrokerSite['doors'], wanted: Door): number {
  return doors.find(({ door }) => door === wanted)!.port;
}

function advertise(site: BrokerSite, advertisedPort: number): BrokerSite {
  return { ...site, doors: site.doors.map((each) => (each.door === 'proxied' ? { ...each, advertisedPort } : each)) };
}

function stores(certificates: Certificates | undefined): { keystore?: string; truststore?: string } {
  return certificates === undefined ? {} : { keystore: certificates.keystore, truststore: certificates.truststore };
}

function scramUsers(users: readonly KafkaUser[]): string[] {
  return users.flatMap(({ name, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
}
