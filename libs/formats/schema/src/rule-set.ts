export interface Rule {
  readonly name: string;
  readonly doc?: string;
  readonly kind?: 'TRANSFORM' | 'CONDITION';
  readonly mode?: 'UPGRADE' | 'DOWNGRADE' | 'UPDOWN' | 'WRITE' | 'READ' | 'WRITEREAD';
  readonly type?: string;
  readonly tags?: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
  readonly expr?: string;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly disabled?: boolean;
}

/** Confluent's data contract rules of a schema. Null and empty differ in the fingerprint. */
export interface RuleSet {
  readonly migrationRules?: readonly Rule[];
  readonly domainRules?: readonly Rule[];
  readonly encodingRules?: readonly Rule[];
  readonly enableAt?: string;
}
