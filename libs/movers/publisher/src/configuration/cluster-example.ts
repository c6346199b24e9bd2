/** A clusters file with every way to authenticate and most other keys, for the documentation. */
export const CLUSTERS_EXAMPLE = {
  clusters: {
    eu: {
      bootstrapServers: 'kafka-1.eu.example.com:9093,kafka-2.eu.example.com:9093,kafka-3.eu.example.com:9093',
      clientId: 'shop-relay',
      tls: {
        caFile: 'eu/ca.pem',
        certFile: 'eu/relay.pem',
        keyFile: 'eu/relay.key',
        keyPasswordEnv: 'EU_KEY_PASSWORD',
      },
      topics: { include: ['*'], exclude: ['internal.*', '*.{draft,test}'] },
      naming: { template: '${source}.${topic}', source: 'shop' },
      compression: 'lz4',
      lingerMs: 5,
      replicationFactor: 3,
      topicConfigs: {
        '*': { 'min.insync.replicas': 2, 'retention.ms': 1_209_600_000 },
        'orders.*': { 'retention.ms': -1 },
      },
      headers: {
        cloudEvents: {
          source: 'https://shop.example.com/${topic}',
          type: 'com.example.${topic}',
          typeHeader: 'event-type',
          subjectFromKey: true,
          contentType: 'application/json',
        },
      },
      canary: { intervalMs: 10_000 },
    },
    us: {
      bootstrapServers: 'kafka.us.example.com:9094',
      tls: {},
      sasl: { mechanism: 'scram-sha-512', username: 'shop-relay', passwordFile: 'us/password' },
      required: false,
      mode: 'at-least-once',
      createTopics: false,
      existingTopics: 'refuse',
      headers: { schemaId: 'always', debezium: true },
    },
    cloud: {
      bootstrapServers: 'pkc-1.cloud.example.com:9092',
      tls: {},
      sasl: {
        mechanism: 'oauthbearer',
        tokenUrl: 'https://login.example.com/oauth2/token',
        clientId: 'shop-relay',
        clientSecretEnv: 'CLOUD_CLIENT_SECRET',
        scope: 'kafka',
        extensions: { logicalCluster: 'lkc-1' },
      },
      topics: { include: ['orders{,.*}'] },
      naming: { prefix: 'shop-' },
    },
  },
};
