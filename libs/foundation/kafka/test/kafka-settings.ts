import type { KafkaConnectionSettings } from '#libs/foundation/kafka';

/** Settings for a `host:port,…` of the harness. */
export function kafkaSettings(
  bootstrap: string,
  changes: Partial<KafkaConnectionSettings> = {},
): KafkaConnectionSettings {
  return {
    bootstrap: bootstrap.split(',').map((each) => {
      const [host, port] = each.split(':');
      return { host: host!, port: Number(port) };
    }),
    clientId: 'tidemark-test',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 15_000,
    ...changes,
  };
}
