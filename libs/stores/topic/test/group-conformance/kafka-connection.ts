import type { KafkaConnectionSettings } from '#libs/foundation/kafka';

/** Settings for a `host:port,…` of the harness. */
export function connectionTo(bootstrap: string): KafkaConnectionSettings {
  return {
    bootstrap: bootstrap.split(',').map((each) => ({ host: each.split(':')[0]!, port: Number(each.split(':')[1]) })),
    clientId: 'tidemark-test',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 10_000,
  };
}
