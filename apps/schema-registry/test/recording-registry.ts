import type {
  Association,
  Associations,
  SchemaById,
  SchemaPlans,
  SchemaRegistry,
  SubjectVersion,
} from '#libs/stores/schemas';

/** A call of the port, as the HTTP layer makes it. */
export interface Call {
  readonly method: string;
  readonly input: readonly unknown[];
}

export const VERSION_1: SubjectVersion = {
  subject: 's',
  version: 1,
  id: 7,
  guid: '0b4ce2ba-9f2c-4a5f-8b9c-2f0f6f8d0b11',
  schemaType: 'AVRO',
  references: [],
  metadata: null,
  ruleSet: null,
  schema: '"string"',
  ts: 1_700_000_000_000,
  deleted: false,
};

const { subject: _subject, version: _version, ...content } = VERSION_1;
export const SCHEMA_7: SchemaById = content;

const CHANGED = { subject: 's', associationType: 'value', lifecycle: 'WEAK', frozen: false };
export const ASSOCIATION: Association = {
  subject: 's',
  guid: '11111111-2222-3333-4444-555555555555',
  resourceName: 't',
  resourceNamespace: 'n',
  resourceId: 'i',
  resourceType: 'topic',
  associationType: 'value',
  lifecycle: 'WEAK',
  frozen: false,
  createTs: 1_700_000_000_000,
  updateTs: 1_700_000_000_001,
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  listSubjects: ['s'],
  listVersions: [1],
  getVersion: VERSION_1,
  getLatestWithMetadata: VERSION_1,
  listReferencedBy: [7],
  lookUp: VERSION_1,
  register: VERSION_1,
  changeTags: VERSION_1,
  deleteSubject: [1],
  deleteVersion: 1,
  getById: SCHEMA_7,
  getByGuid: SCHEMA_7,
  listIdsOfGuid: [{ context: '.', id: 7 }],
  listSubjectsOfId: ['s'],
  listVersionsOfId: [{ subject: 's', version: 1 }],
  listSchemas: [VERSION_1],
  checkCompatibility: { compatible: true, messages: [], reasons: [] },
  getConfig: { compatibilityLevel: 'BACKWARD' },
  putConfig: { compatibilityLevel: 'BACKWARD' },
  deleteConfig: { compatibilityLevel: 'FULL' },
  getMode: 'READWRITE',
  putMode: 'READONLY',
  deleteMode: 'READONLY',
  plan: { applied: false, items: [], configs: [] },
  applyPlan: { applied: true, items: [], configs: [] },
  listContexts: ['.'],
  deleteContext: undefined,
  listBySubject: [ASSOCIATION],
  listByName: [],
  listByResource: [ASSOCIATION],
  change: {
    resourceName: 't',
    resourceNamespace: 'n',
    resourceId: 'i',
    resourceType: 'topic',
    associations: [CHANGED],
  },
  remove: undefined,
};

/** Stands for the registry where only the HTTP layer is tested: it notes each call and answers what it was told to. */
export class RecordingRegistry {
  readonly calls: Call[] = [];
  readonly #answers = new Map<string, unknown>(Object.entries(ANSWERS));
  readonly #port = new Proxy(
    {},
    {
      get: (_target, name) => (typeof name === 'string' ? (...input: unknown[]) => this.#call(name, input) : undefined),
    },
  );
  readonly registry = this.#port as SchemaRegistry & SchemaPlans;
  readonly associations = this.#port as Associations;

  /** An Error is thrown, a function is called. */
  answer(method: string, answer: unknown): void {
    this.#answers.set(method, answer);
  }

  get last(): Call | undefined {
    return this.calls.at(-1);
  }

  async #call(method: string, input: unknown[]): Promise<unknown> {
    this.calls.push({ method, input });
    if (!this.#answers.has(method)) throw new Error(`the port has no method ${method}`);
    const answer = this.#answers.get(method);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? await (answer as (...given: unknown[]) => unknown)(...input) : answer;
  }
}
