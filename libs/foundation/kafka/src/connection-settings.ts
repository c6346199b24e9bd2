export interface TlsSettings {
  /** PEM texts. Without `ca` the system's authorities count. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  /** Name expected in the broker's certificate; default: the host that was dialled. */
  readonly serverName?: string;
  readonly verify: boolean;
}

export type SaslSettings =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      /** Asked at each connection, so that a changed secret is picked up. */
      readonly password: () => Promise<string>;
    }
  | {
      readonly mechanism: 'OAUTHBEARER';
      /** Asked at each authentication; keeps its own cache. */
      readonly token: () => Promise<string>;
      readonly extensions?: Readonly<Record<string, string>>;
    };

/**
 * How a cluster is reached. Secrets are asked for where they are used, so that new ones count without a restart; asking throws
 * SECRET_UNAVAILABLE.
 */
export interface KafkaConnectionSettings {
  readonly bootstrap: readonly { readonly host: string; readonly port: number }[];
  readonly clientId: string;
  /** Asked at each connection, so that renewed certificates are picked up. */
  readonly tls?: () => Promise<TlsSettings>;
  readonly sasl?: SaslSettings;
  readonly connectTimeoutMs: number;
  /** A request without an answer for so long counts as lost, and its connection is closed. */
  readonly requestTimeoutMs: number;
}
