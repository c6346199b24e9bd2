import type { Database, Queryable } from '#libs/foundation/postgres';
import { parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { requireContext } from '../postgres/contexts.sql.ts';
import {
  findAssociationsByName,
  findAssociationsOfResource,
  findAssociationsOfSubject,
} from '../postgres/find-associations.sql.ts';
import { lockResource } from '../postgres/lock-resource.sql.ts';
import { lockSubjects } from '../postgres/locks.sql.ts';
import { readSubjectFacts } from '../postgres/read-subject-facts.sql.ts';
import { deleteAssociation, insertAssociation, updateAssociation } from '../postgres/write-association.sql.ts';
import type { PostgresSchemaRegistry, SchemaChanges } from '../postgres-schema-registry.ts';
import type { ChangeAuthor, SubjectVersion } from '../registry.ts';
import { associationFrozen, associationNotFound } from './association-refusals.ts';
import type {
  Association,
  AssociationQuery,
  Associations,
  ChangedAssociation,
  ChangedResource,
  ResourceRequest,
} from './associations.ts';
import { type CheckedOp, type CheckedRequest, checkResourceRequest } from './check-resource-request.ts';
import { decideAssociation, requireConsistentlyFrozen } from './decide-association.ts';

/** Ends the transaction of a dry run. */
class DryRunEnded extends Error {}

const EVERYTHING = { resourceType: '', associationTypes: [], lifecycle: '' } as const;

/** Associations on Postgres, beside the tables of the registry. Several processes on one database work together. */
export class PostgresAssociations implements Associations {
  readonly #database: Database;
  readonly #registry: Pick<PostgresSchemaRegistry, 'change'>;

  constructor(database: Database, registry: Pick<PostgresSchemaRegistry, 'change'>) {
    this.#database = database;
    this.#registry = registry;
  }

  listBySubject(subject: string, filter: AssociationQuery): Promise<Association[]> {
    return findAssociationsOfSubject(this.#database, parseSubject(subject), filter);
  }

  listByName(namespace: string, name: string, filter: AssociationQuery): Promise<Association[]> {
    return findAssociationsByName(this.#database, namespace, name, filter);
  }

  listByResource(resourceId: string, filter: AssociationQuery): Promise<Association[]> {
    return findAssociationsOfResource(this.#database, resourceId, filter);
  }

  async change(
    request: ResourceRequest,
    options: { readonly context: string; readonly dryRun: boolean },
    by: ChangeAuthor,
  ): Promise<ChangedResource> {
    const checked = checkResourceRequest(request, options);
    const { ops: _ops, ...resource } = checked;
    const changed = await this.#transaction(options.dryRun, (changes) => this.#changeIn(changes, checked, by));
    return changed === undefined ? resource : { ...resource, associations: changed };
  }

  async remove(
    resourceId: string,
    options: Omit<AssociationQuery, 'lifecycle'> & { readonly cascade: boolean; readonly dryRun: boolean },
    by: ChangeAuthor,
  ): Promise<void> {
    const { resourceType, associationTypes, cascade, dryRun } = options;
    await this.#transaction(dryRun, async (changes) => {
      const { tx } = changes;
      await lockResource(tx, resourceType, resourceId);
      const filter = { resourceType, associationTypes, lifecycle: '' };
      const found = await findAssociationsOfResource(tx, resourceId, filter);
      if (found.length === 0) throw associationNotFound(resourceId);
      const frozen = found.find((association) => association.frozen);
      if (frozen !== undefined && !cascade) throw associationFrozen(frozen.associationType, frozen.subject);
      await lockAll(
        tx,
        found.map(({ subject }) => parseSubject(subject)),
      );
      for (const association of found) await this.#removeOne(changes, association, cascade, by);
    });
  }

  /** Undefined after a dry run, which has done everything and undone it. */
  async #transaction<T>(dryRun: boolean, work: (changes: SchemaChanges) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#registry.change(async (changes) => {
        const result = await work(changes);
        if (dryRun) throw new DryRunEnded();
        return result;
      });
    } catch (error) {
      if (error instanceof DryRunEnded) return undefined;
      throw error;
    }
  }

  async #changeIn(changes: SchemaChanges, request: CheckedRequest, by: ChangeAuthor): Promise<ChangedAssociation[]> {
    const { tx } = changes;
    const { resourceType, ops } = request;
    const resourceId = request.resourceId ?? '';
    await lockResource(tx, resourceType, resourceId);
    const before = await this.#ofResource(tx, request);
    const subjects = ops.map((op) => subjectOf(op, before.get(op.associationType)));
    await lockAll(tx, subjects);
    const touched = new Map<string, SubjectVersion | undefined>();
    for (const op of ops) {
      const existing = (await this.#ofResource(tx, request)).get(op.associationType);
      touched.set(op.associationType, await this.#apply(changes, request, op, existing, by));
    }
    const after = await this.#ofResource(tx, request);
    requireConsistentlyFrozen([...after.values()]);
    return [...touched].flatMap(([type, schema]) => {
      const now = after.get(type);
      return now === undefined ? [] : [changedView(now, schema)];
    });
  }

  async #ofResource(tx: Queryable, request: CheckedRequest): Promise<Map<string, Association>> {
    const filter = { ...EVERYTHING, resourceType: request.resourceType };
    const found = await findAssociationsOfResource(tx, request.resourceId ?? '', filter);
    return new Map(found.map((association) => [association.associationType, association]));
  }

  async #apply(
    changes: SchemaChanges,
    request: CheckedRequest,
    op: CheckedOp,
    existing: Association | undefined,
    by: ChangeAuthor,
  ): Promise<SubjectVersion | undefined> {
    const { tx } = changes;
    const resourceId = request.resourceId ?? '';
    if (op.op === 'DELETE') {
      if (existing === undefined) throw associationNotFound(resourceId);
      if (existing.frozen) throw associationFrozen(existing.associationType, existing.subject);
      await this.#removeOne(changes, existing, false, by);
      return undefined;
    }
    const subject = subjectOf(op, existing);
    const facts = await readSubjectFacts(tx, subject, existing?.guid);
    const decision = decideAssociation(existing, { ...op, subject }, facts, request.resourceName);
    if (decision.kind === 'keep') return undefined;
    const { lifecycle, frozen } = decision;
    const { ops: _ops, ...resource } = request;
    if (existing === undefined) {
      await insertAssociation(tx, {
        ...resource,
        resourceId,
        subject,
        associationType: op.associationType,
        lifecycle,
        frozen,
      });
    } else {
      await updateAssociation(tx, existing.guid, { lifecycle, frozen });
    }
    const action = existing === undefined ? 'association.create' : 'association.update';
    const detail = { ...resource, associationType: op.associationType, lifecycle, frozen };
    await changes.record({ action, target: printSubject(subject), detail }, by);
    if (op.schema === undefined) return undefined;
    const options = { normalize: op.normalize, format: '', force: false };
    return changes.register(printSubject(subject), op.schema, options, by);
  }

  async #removeOne(
    changes: SchemaChanges,
    association: Association,
    cascade: boolean,
    by: ChangeAuthor,
  ): Promise<void> {
    const { tx } = changes;
    const { guid, subject, createTs: _createTs, updateTs: _updateTs, ...detail } = association;
    await deleteAssociation(tx, guid);
    await changes.record({ action: 'association.delete', target: subject, detail }, by);
    if (!cascade || association.lifecycle !== 'STRONG') return;
    const { hasLiveVersion } = await readSubjectFacts(tx, parseSubject(subject), undefined);
    if (hasLiveVersion) await changes.deleteSubject(subject, { permanent: false }, by);
  }
}

/** An association that exists keeps its subject when the request names none. */
function subjectOf(op: CheckedOp, existing: Association | undefined): QualifiedSubject {
  return existing === undefined || op.named ? op.subject : parseSubject(existing.subject);
}

/** Contexts one after the other in the order of their names, so that two requests cannot wait for one another. */
async function lockAll(tx: Queryable, subjects: readonly QualifiedSubject[]): Promise<void> {
  for (const context of [...new Set(subjects.map((subject) => subject.context))].sort()) {
    const contextId = await requireContext(tx, context);
    const own = subjects.filter((subject) => subject.context === context);
    await lockSubjects(
      tx,
      contextId,
      own.map(({ subject }) => ({ contextId, subject, exclusive: true })),
    );
  }
}

function changedView(association: Association, schema: SubjectVersion | undefined): ChangedAssociation {
  const { subject, associationType, lifecycle, frozen } = association;
  return { subject, associationType, lifecycle, frozen, ...(schema !== undefined && { schema }) };
}
