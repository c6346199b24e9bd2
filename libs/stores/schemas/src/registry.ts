import type { Metadata, RuleSet, SchemaReference, SchemaTags, SchemaType } from '#libs/formats/schema';

/** A subject's name as the client wrote it: `s`, `:.ctx:s`, or `:.ctx:` for the context itself. Parsed by the registry. */
export type SubjectName = string;
export type VersionSelector = number | 'latest';
/** Which versions or subjects a listing shows: live ones, those and the soft-deleted, or the soft-deleted alone. */
export type DeletedFilter = 'exclude' | 'include' | 'only';

/** A part of a listing. `limit` <= 0 means all that the listing allows. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** A reference as a client sends it: the registry needs all three parts and says which is missing. */
export type RequestedReference = { readonly [K in keyof SchemaReference]?: SchemaReference[K] | null };

/** A schema as a client sends it. Absent and null mean the same except where noted. */
export interface SchemaRequest {
  /** Absent: AVRO. */
  readonly schemaType?: string | null;
  readonly schema?: string | null;
  readonly references?: readonly RequestedReference[] | null;
  readonly metadata?: Metadata | null;
  readonly ruleSet?: RuleSet | null;
  readonly id?: number | null;
  readonly version?: number | null;
  /** Our own: the guid that the schema had where it comes from. Kept in IMPORT mode, otherwise ignored. */
  readonly guid?: string | null;
  /** Our own: when it was registered there, ms since the epoch. Kept in IMPORT mode, otherwise ignored. */
  readonly ts?: number | null;
  readonly schemaTagsToAdd?: readonly SchemaTags[] | null;
  readonly schemaTagsToRemove?: readonly SchemaTags[] | null;
  readonly propagateSchemaTags?: boolean | null;
}

/** A version of a subject as it is stored, with its text in the format asked for. */
export interface SubjectVersion {
  /** Qualified unless in the default context. */
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly guid: string;
  readonly schemaType: SchemaType;
  readonly references: readonly SchemaReference[];
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
  readonly schema: string;
  /** Of the registration, ms since the epoch. */
  readonly ts: number;
  readonly deleted: boolean;
  readonly schemaTags?: readonly SchemaTags[];
}

/** A schema by its id or guid, without a subject of its own. `subject` and `version` are there when one was asked for. */
export interface SchemaById extends Omit<SubjectVersion, 'subject' | 'version' | 'id'> {
  readonly id: number;
  readonly subject?: string;
  readonly version?: number;
  readonly maxId?: number;
}

export interface ListedSchema extends SubjectVersion {
  readonly aliases?: readonly string[];
  readonly associations?: readonly AssociationInfo[];
}

export interface ConfigRecord {
  readonly alias?: string;
  readonly aliasForDeks?: string;
  readonly normalize?: boolean;
  readonly validateFields?: boolean;
  readonly validateNewSchemas?: boolean;
  readonly validateRules?: boolean;
  readonly compatibilityLevel?: string;
  readonly compatibilityPolicy?: string;
  readonly compatibilityGroup?: string;
  readonly defaultMetadata?: Metadata;
  readonly overrideMetadata?: Metadata;
  readonly defaultRuleSet?: RuleSet;
  readonly overrideRuleSet?: RuleSet;
}
/** Absent keeps a field, null clears it. `compatibilityLevel` is `compatibility` on the wire of a write. */
export type ConfigChange = { readonly [K in keyof ConfigRecord]?: ConfigRecord[K] | null };

export type Mode = 'READWRITE' | 'READONLY' | 'READONLY_OVERRIDE' | 'IMPORT' | 'FORWARD';

export interface AssociationInfo {
  readonly subject: string;
  readonly guid?: string;
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly associationType: string;
  readonly lifecycle: 'STRONG' | 'WEAK';
  readonly frozen: boolean;
}

export interface RegisterOptions {
  readonly normalize: boolean;
  readonly format: string;
  /** Skips the compatibility check. */
  readonly force: boolean;
}

export interface CompatibilityVerdict {
  readonly compatible: boolean;
  /** As Confluent words them; empty when compatible. */
  readonly messages: readonly string[];
  /** The same as data, with the smallest fix in plain words. */
  readonly reasons: readonly ExplainedDifference[];
}

export interface ExplainedDifference {
  /** The version that the candidate does not go together with. */
  readonly version: number;
  readonly type: string;
  readonly path: string;
  /** Which side fails: consumers with the new schema on old data, or consumers with an old schema on new data. */
  readonly breaks: 'NEW_READERS_OF_OLD_DATA' | 'OLD_READERS_OF_NEW_DATA';
  readonly description: string;
  readonly fix: string;
}

/** Who changes something, for the audit and the change feed. */
export interface ChangeAuthor {
  readonly actor: string;
  readonly requestId?: string;
  /** The role and the way in that the audit shows; default: none of a service, `registry`. */
  readonly role?: string;
  readonly via?: string;
}

/**
 * The schema registry as the HTTP service and the command line see it. Every method rejects with RegistryError in Confluent's
 * codes, or with a TidemarkError when Postgres cannot be reached. Every change is one transaction with its audit entry and its
 * message on the `schema-changes` topic: all of it, or nothing.
 */
export interface SchemaRegistry {
  // Subjects and versions
  listSubjects(query: { prefix: string; deleted: DeletedFilter } & Slice): Promise<string[]>;
  listVersions(
    subject: SubjectName,
    query: { deleted: DeletedFilter; deletedAsNegative: boolean } & Slice,
  ): Promise<number[]>;
  getVersion(
    subject: SubjectName,
    version: VersionSelector,
    query: { deleted: boolean; format: string; referenceFormat: string; findTags: readonly string[] },
  ): Promise<SubjectVersion>;
  /** The latest version whose metadata has all these properties. */
  getLatestWithMetadata(
    subject: SubjectName,
    properties: Readonly<Record<string, string>>,
    query: { deleted: boolean; format: string },
  ): Promise<SubjectVersion>;
  listReferencedBy(
    subject: SubjectName,
    version: VersionSelector,
    query: { deleted: boolean } & Slice,
  ): Promise<number[]>;
  lookUp(
    subject: SubjectName,
    request: SchemaRequest,
    query: { normalize: boolean; format: string; deleted: boolean },
  ): Promise<SubjectVersion>;
  register(
    subject: SubjectName,
    request: SchemaRequest,
    options: RegisterOptions,
    by: ChangeAuthor,
  ): Promise<SubjectVersion>;
  changeTags(
    subject: SubjectName,
    version: VersionSelector,
    request: {
      newVersion?: number | null;
      metadata?: Metadata | null;
      ruleSet?: RuleSet | null;
      tagsToAdd?: readonly SchemaTags[] | null;
      tagsToRemove?: readonly SchemaTags[] | null;
      rulesToMerge?: RuleSet | null;
      rulesToRemove?: readonly string[] | null;
    },
    by: ChangeAuthor,
  ): Promise<SubjectVersion>;
  deleteSubject(subject: SubjectName, options: { permanent: boolean }, by: ChangeAuthor): Promise<number[]>;
  deleteVersion(
    subject: SubjectName,
    version: VersionSelector,
    options: { permanent: boolean },
    by: ChangeAuthor,
  ): Promise<number>;

  // Schemas
  getById(
    id: number,
    query: {
      /** Undefined: not asked for. Empty: asked for without a name. A context prefix chooses the context. */
      subject: string | undefined;
      format: string;
      referenceFormat: string;
      findTags: readonly string[];
      fetchMaxId: boolean;
    },
  ): Promise<SchemaById>;
  getByGuid(guid: string, query: { format: string }): Promise<SchemaById>;
  listIdsOfGuid(guid: string): Promise<{ context: string; id: number }[]>;
  listSubjectsOfId(id: number, query: { subject: string; deleted: boolean } & Slice): Promise<string[]>;
  listVersionsOfId(
    id: number,
    query: { subject: string; deleted: boolean } & Slice,
  ): Promise<{ subject: string; version: number }[]>;
  listSchemas(
    query: {
      prefix: string;
      deleted: boolean;
      latestOnly: boolean;
      aliases: boolean;
      ruleType: string;
      resourceType: string;
      associationTypes: readonly string[];
      lifecycles: readonly string[];
    } & Slice,
  ): Promise<ListedSchema[]>;

  // Compatibility. `version` undefined: all live versions, as the level decides.
  checkCompatibility(
    subject: SubjectName,
    version: VersionSelector | undefined,
    request: SchemaRequest,
    query: { normalize: boolean; verbose: boolean },
  ): Promise<CompatibilityVerdict>;

  // Config and mode. `subject` undefined: the global record.
  getConfig(subject: SubjectName | undefined, query: { defaultToGlobal: boolean }): Promise<ConfigRecord>;
  putConfig(subject: SubjectName | undefined, change: ConfigChange, by: ChangeAuthor): Promise<ConfigRecord>;
  /** The record that was there. */
  deleteConfig(subject: SubjectName | undefined, by: ChangeAuthor): Promise<ConfigRecord>;
  getMode(subject: SubjectName | undefined, query: { defaultToGlobal: boolean }): Promise<Mode>;
  putMode(subject: SubjectName | undefined, mode: string, options: { force: boolean }, by: ChangeAuthor): Promise<Mode>;
  deleteMode(subject: SubjectName | undefined, options: { recursive: boolean }, by: ChangeAuthor): Promise<Mode>;

  // Contexts
  listContexts(query: { prefix: string } & Slice): Promise<string[]>;
  deleteContext(context: string, by: ChangeAuthor): Promise<void>;
}
