import { type Door, hasSasl, hasTls, type KafkaUser, LISTENERS } from './doors.ts';

export interface DoorSettings {
  readonly users: readonly KafkaUser[];
  /** PEM files: the broker's key with its certificate, and the authority that signed it and the clients'. */
  readonly keystore?: string;
  readonly truststore?: string;
}

/** Broker settings that one door needs beside its address. */
export function doorProperties(door: Door, settings: DoorSettings): Record<string, string> {
  return {
    ...(hasSasl(door) ? saslProperties(door, settings.users) : {}),
    ...(hasTls(door) ? tlsProperties(door, settings) : {}),
  };
}

function saslProperties(door: Door, users: readonly KafkaUser[]): Record<string, string> {
  const prefix = `listener.name.${LISTENERS[door].name.toLowerCase()}`;
  const passwords = users.map(({ name, password }) => ` user_${name}="${password}"`).join('');
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${prefix}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required${passwords};`,
    // The users of these two are in the cluster's metadata since it was formatted.
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: scram,
    // Takes tokens that nobody has signed, which is all that a client's side of it needs to be tested.
    [`${prefix}.oauthbearer.sasl.jaas.config`]:
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    [`${prefix}.oauthbearer.sasl.server.callback.handler.class`]:
      'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler',
  };
}

function tlsProperties(door: Door, settings: DoorSettings): Record<string, string> {
  if (settings.keystore === undefined || settings.truststore === undefined)
    throw new Error(`the door ${door} needs certificates`);
  const prefix = `listener.name.${LISTENERS[door].name.toLowerCase()}`;
  return {
    [`${prefix}.ssl.keystore.type`]: 'PEM',
    [`${prefix}.ssl.keystore.location`]: settings.keystore,
    [`${prefix}.ssl.truststore.type`]: 'PEM',
    [`${prefix}.ssl.truststore.location`]: settings.truststore,
    [`${prefix}.ssl.client.auth`]: door === 'mtls' ? 'required' : 'none',
  };
}
