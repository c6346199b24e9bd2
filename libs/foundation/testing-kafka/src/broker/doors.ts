/**
 * The ways into a broker. Every broker has `plain`, which the brokers use among themselves; the others are opened on request.
 * `proxied` is plain too, but tells its clients to come by way of the cluster's proxy.
 */
export type Door = 'plain' | 'proxied' | 'sasl' | 'sasl-tls' | 'tls' | 'mtls';

interface Listener {
  /** Kafka's name of the listener. */
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL';
}

export const LISTENERS: Readonly<Record<Door, Listener>> = {
  plain: { name: 'PLAIN', protocol: 'PLAINTEXT' },
  proxied: { name: 'PROXIED', protocol: 'PLAINTEXT' },
  sasl: { name: 'SASL', protocol: 'SASL_PLAINTEXT' },
  'sasl-tls': { name: 'SASLTLS', protocol: 'SASL_SSL' },
  tls: { name: 'TLS', protocol: 'SSL' },
  mtls: { name: 'MTLS', protocol: 'SSL' },
};

export const hasSasl = (door: Door): boolean => LISTENERS[door].protocol.startsWith('SASL');

export const hasTls = (door: Door): boolean => LISTENERS[door].protocol.endsWith('SSL');

/** Someone who may sign in at the doors with SASL. */
export interface KafkaUser {
  readonly name: string;
  readonly password: string;
}
