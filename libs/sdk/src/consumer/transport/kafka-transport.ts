import { createKafkaClient, type KafkaConnectionSettings, parseBootstrapServers } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import type { ConsumerMember, MemberRequest } from '#libs/movers/consumer';
import {
  GroupMember,
  kafkaTransport as memberTransport,
  type KafkaTransport as MemberTransport,
} from '#libs/stores/topic';
import { KafkaMember } from './kafka-member.ts';
import { KafkaTopics } from './kafka-topics.ts';
import type { MemberOptions, Transport, TransportContext, TransportFactory } from './transport.ts';

export interface KafkaTransportOptions {
  /** The cluster's name with the relay: in headers of dead letters, and part of the ids of records that carry none. */
  readonly cluster: string;
  /** `host:port,host:port`, for a cluster without TLS and SASL; else `connection`. */
  readonly bootstrap?: string;
  /** Everything about the connection; connectionFromSection makes it from a section of a cluster file. */
  readonly connection?: KafkaConnectionSettings;
  /** Default: the consumer protocol where the cluster has it, else the classic one. */
  readonly protocol?: 'consumer' | 'classic';
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Well below the session time-out of members: a heartbeat without an answer is as long in vain. */
const REQUEST_TIMEOUT_MS = 4_000;

/**
 * Topics of a Kafka cluster. Offsets are committed after the effects of their messages, which the inbox makes happen once all the
 * same. Retry topics and dlqs are written through the outbox of the consumer's database: a relay has to publish it to the
 * cluster. Throws CONSUMER_INVALID without one of `bootstrap` and `connection`.
 */
export function kafkaTransport(options: KafkaTransportOptions): TransportFactory {
  const connection = options.connection ?? connectionOf(options.bootstrap);
  return (context) => new KafkaTransport(options, connection, context);
}

class KafkaTransport implements Transport {
  readonly offsetsInTransaction = false;
  readonly cluster: string;
  readonly topics: KafkaTopics;
  readonly #client: ReturnType<typeof createKafkaClient>;
  readonly #connect: () => MemberTransport;

  constructor(options: KafkaTransportOptions, connection: KafkaConnectionSettings, { db, onError }: TransportContext) {
    const { cluster, protocol } = options;
    this.cluster = cluster;
    this.#client = createKafkaClient(connection);
    this.topics = new KafkaTopics(this.#client, db);
    this.#connect = () => memberTransport({ connection, cluster, protocol, onTrouble: onError });
  }

  member({ group, topics, events }: MemberRequest, options: MemberOptions): ConsumerMember {
    const transport = this.#connect();
    const { coordinator, source } = transport;
    return new KafkaMember(new GroupMember({ ...options, ...events, coordinator, source, group, topics }), transport);
  }

  async start(): Promise<void> {
    // Members connect by themselves.
  }

  async stop(): Promise<void> {
    await this.#client.close();
  }
}

function connectionOf(text = ''): KafkaConnectionSettings {
  const bootstrap = text === '' ? 'neither bootstrap nor connection is given' : parseBootstrapServers(text);
  if (typeof bootstrap === 'string') {
    throw new TidemarkError('CONSUMER_INVALID', `kafkaTransport cannot connect: ${bootstrap}`, {
      remedy: "Pass bootstrap: 'host:9092', or connection for TLS and SASL.",
    });
  }
  return {
    bootstrap,
    clientId: 'tidemark-consumer',
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  };
}
