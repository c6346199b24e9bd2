/** Answers of the relay as they are sent; its OpenAPI document describes them. 64-bit numbers are text. */

export interface PageAnswer<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface TopicAnswer {
  readonly name: string;
  readonly partitions: number;
  readonly ordering: 'key' | 'insert';
  readonly maxMessageBytes: number;
  readonly retentionMs: string | null;
  readonly schemaRequired: boolean;
  readonly createdAt: string;
}

export interface TopicDetailAnswer extends TopicAnswer {
  readonly records: string;
  readonly partitionRanges: readonly {
    readonly partition: number;
    readonly startOffset: string;
    readonly endOffset: string;
  }[];
}

export interface BytesAnswer {
  readonly encoding: 'utf8' | 'base64';
  readonly data: string;
}

export interface RecordAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly position: string;
  readonly messageId: string;
  readonly time: string;
  readonly schemaId: number | null;
  readonly key: BytesAnswer | null;
  readonly value: BytesAnswer | null;
  readonly headers: readonly { readonly name: string; readonly value: BytesAnswer | null }[];
  /** With `decode`, for values that have a schema. */
  readonly decoded?: {
    readonly schemaId: number | null;
    readonly schemaType: string | null;
    readonly value?: unknown;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

export interface PartitionRecordsAnswer {
  readonly records: readonly RecordAnswer[];
  readonly nextOffset: string;
  readonly startOffset: string;
  readonly endOffset: string;
}

export interface MessageAnswer {
  readonly messageId: string;
  readonly records: readonly RecordAnswer[];
  readonly pending: number;
}

export interface HorizonHolderAnswer {
  readonly fence: string;
  readonly pid: number | null;
  readonly state: string | null;
  readonly applicationName: string | null;
  readonly clientAddress: string | null;
  readonly ageMs: number | null;
  readonly query: string | null;
  readonly preparedId: string | null;
}

export interface LeaseHolderAnswer {
  readonly holder: string;
  readonly host: string | null;
  readonly pid: number | null;
  readonly since: string;
  readonly leaseExpiresInMs: number;
}

export interface SequencerAnswer {
  readonly leader: LeaseHolderAnswer | null;
  readonly thisInstanceLeads: boolean;
  readonly term: string;
  readonly cursor: string;
  readonly horizon: string;
  readonly lastPosition: string;
  readonly lagMessages: string;
  readonly lagSeconds: number;
  readonly horizonHolders: readonly HorizonHolderAnswer[];
}

export interface HealthAnswer {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

export interface GroupAnswer {
  readonly name: string;
  readonly state: 'empty' | 'stable' | 'rebalancing';
  readonly epoch: string;
  readonly required: boolean;
  readonly liveMembers: number;
  readonly partitions: number;
  readonly lagRecords: string;
  readonly createdAt: string;
}

export interface GroupDetailAnswer extends GroupAnswer {
  readonly members: readonly {
    readonly memberId: string;
    /** Left out by relays that know no static members. */
    readonly instanceId?: string | null;
    readonly client: Readonly<Record<string, string | number>>;
    readonly topics: readonly string[];
    readonly joinedAt: string;
    readonly lastSeenAt: string;
    readonly live: boolean;
  }[];
  readonly partitionStatus: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly state: string;
    readonly owner: string | null;
    readonly target: string | null;
    readonly committedOffset: string;
    readonly committedAt: string | null;
    readonly metadata: string | null;
    readonly endOffset: string;
    readonly lagRecords: string;
    readonly lagSeconds: number | null;
  }[];
}

export interface ResetsAnswer {
  readonly dryRun: boolean;
  readonly resets: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly from: string | null;
    readonly to: string;
  }[];
}
