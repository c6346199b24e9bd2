import type { AssociationInfo, ChangeAuthor, SchemaRequest, SubjectName, SubjectVersion } from '../registry.ts';

export type Lifecycle = AssociationInfo['lifecycle'];

/** A resource, such as a topic, and one subject that its keys or values are written with. */
export interface Association extends AssociationInfo {
  readonly guid: string;
  /** ms since the epoch. */
  readonly createTs: number;
  readonly updateTs: number;
}

/** One step of a request. Absent and null mean the same. */
export interface AssociationOp {
  /** CREATE refuses an association that is there and different; UPSERT changes it. */
  readonly op: 'CREATE' | 'UPSERT' | 'DELETE';
  /** Default: `:.<namespace>:<name>-<type>`. */
  readonly subject?: string | null;
  /** `key` or `value`; default value. */
  readonly associationType?: string | null;
  readonly lifecycle?: string | null;
  readonly frozen?: boolean | null;
  /** Registered under the subject in the same transaction. */
  readonly schema?: SchemaRequest | null;
  readonly normalize?: boolean | null;
}

/** What shall become of the associations of one resource. */
export interface ResourceRequest {
  readonly resourceName?: string | null;
  readonly resourceNamespace?: string | null;
  /** May be absent in a dry run. */
  readonly resourceId?: string | null;
  /** `topic`, which is the default. */
  readonly resourceType?: string | null;
  readonly associations?: readonly AssociationOp[] | null;
}

/** An association as the answer to its change shows it; `schema` is what was registered with it. */
export interface ChangedAssociation {
  readonly subject: string;
  readonly associationType: string;
  readonly lifecycle: Lifecycle;
  readonly frozen: boolean;
  readonly schema?: SubjectVersion;
}

export interface ChangedResource {
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId?: string;
  readonly resourceType: string;
  /** Those that the request named and that are there now. Absent after a dry run. */
  readonly associations?: readonly ChangedAssociation[];
}

/** Empty fields match everything. */
export interface AssociationQuery {
  readonly resourceType: string;
  readonly associationTypes: readonly string[];
  readonly lifecycle: string;
}

/**
 * Which resource uses which subject. A STRONG association owns its subject, a WEAK one shares it; a frozen one never changes.
 * Every change is one transaction with its audit entry, its message and the schemas it registers or deletes. Rejects with
 * RegistryError 40410, 40902 to 40908 and 42212, and with those of registering.
 */
export interface Associations {
  listBySubject(subject: SubjectName, filter: AssociationQuery): Promise<Association[]>;
  /** The namespace `-` stands for all. */
  listByName(namespace: string, name: string, filter: AssociationQuery): Promise<Association[]>;
  listByResource(resourceId: string, filter: AssociationQuery): Promise<Association[]>;
  /** `context` is the prefix of names without one: empty, or `:.a:`. A dry run checks everything and changes nothing. */
  change(
    request: ResourceRequest,
    options: { readonly context: string; readonly dryRun: boolean },
    by: ChangeAuthor,
  ): Promise<ChangedResource>;
  /** `cascade` deletes the subjects of STRONG associations softly, and is needed for frozen ones. */
  remove(
    resourceId: string,
    options: Omit<AssociationQuery, 'lifecycle'> & { readonly cascade: boolean; readonly dryRun: boolean },
    by: ChangeAuthor,
  ): Promise<void>;
}
