/** Confluent's metadata of a schema. Null and empty differ in the fingerprint. */
export interface Metadata {
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** Names of properties whose values are secret. */
  readonly sensitive?: readonly string[];
}
