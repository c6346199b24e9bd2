import type { Queryable } from '#libs/foundation/postgres';
import { fingerprint, guidOf } from '#libs/formats/schema';
import { printSubject } from '../names/qualified-subject.ts';
import { findVersionState, reviveVersion } from '../postgres/change-version.sql.ts';
import { findVersion } from '../postgres/find-version.sql.ts';
import type { NewSchema } from '../postgres/insert-schema.sql.ts';
import { insertVersion } from '../postgres/insert-version.sql.ts';
import { bumpRevision, recordChange } from '../postgres/record-change.sql.ts';
import { type NewSubjectVersion, type RegisteredVersion, registerVersion } from '../postgres/register-version.sql.ts';
import type { ChangePlace } from '../registry-parts.ts';
import { notPermitted } from '../refusals.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { chooseVersion } from './choose-version.ts';
import type { Attributes } from './identity.ts';
import { inheritAttributes, noteVersion } from './inherit-attributes.ts';
import type { Chosen } from './registration.ts';
import { storeSchemaAs, storeVersion } from './store-schema.ts';

/** Adds the version that was decided on, with its schema, its audit entry and its message. The subject is locked. */
export async function writeVersion(place: ChangePlace, chosen: Chosen): Promise<StoredVersion> {
  const { tx } = place;
  if (chosen.importing) return importVersion(place, chosen);
  const { next, schema } = newVersion(chosen);
  return added(chosen, schema, next, await storeVersion(tx, schema, next, chosen.locked.targets, chosen.by));
}

/**
 * The same in a transaction of its own, if the subject is still in the state that the decision was made in. Undefined, having
 * changed nothing, when it is not.
 */
export async function writeUnmoved(db: Queryable, chosen: Chosen): Promise<StoredVersion | undefined> {
  const { next, schema } = newVersion(chosen);
  const written = await registerVersion(db, schema, next, chosen.locked.targets, chosen.by, chosen.state);
  return written && added(chosen, schema, next, written);
}

function newVersion(chosen: Chosen): { next: NewSubjectVersion; schema: NewSchema } {
  const { request, state, settings, subject } = chosen;
  const version = chooseVersion({ requested: request.version, last: state.last, importing: false });
  const { metadata, ruleSet } = inheritAttributes(request, state.latest, settings.config);
  const noted = noteVersion(metadata, version, { requested: request.version });
  const next = { subject: subject.subject, version, target: printSubject(subject) };
  return { next, schema: newSchema(chosen, { metadata: noted, ruleSet }) };
}

function added(
  { subject }: Chosen,
  schema: NewSchema,
  { version }: NewSubjectVersion,
  { id, guid, ts }: RegisteredVersion,
): StoredVersion {
  const { contextId, type, text, references, metadata, ruleSet } = schema;
  return { ...subject, contextId, version, id, guid, type, text, references, metadata, ruleSet, deleted: false, ts };
}

/** An import may repeat itself: a version that is there with the same id stays, and is live afterwards. */
async function importVersion({ tx, onRevised }: ChangePlace, chosen: Chosen): Promise<StoredVersion> {
  const { request, locked, subject, state, by } = chosen;
  const version = chooseVersion({ requested: request.version, last: state.last, importing: true });
  const id = request.id!;
  const there = await findVersionState(tx, locked.contextId, subject.subject, version);
  if (there !== undefined && there.schemaId !== id) {
    const name = printSubject(subject);
    throw notPermitted(`Subject ${name} has the version ${version} already, with the id ${there.schemaId}`);
  }
  await storeSchemaAs(tx, id, newSchema(chosen, request), locked.targets, subject.context);
  if (there === undefined) await insert(tx, chosen, version, id);
  else if (there.deleted || (request.ts !== undefined && request.ts !== there.ts)) {
    await reviveVersion(tx, locked.contextId, subject.subject, version, request.ts);
    // What processes keep says that it is deleted, or has its earlier time.
    await bumpRevision(tx);
    onRevised?.();
  }
  const stored = (await findVersion(tx, subject.context, subject.subject, version))!;
  const detail = { version, id, guid: stored.guid, schemaType: stored.type };
  await recordChange(tx, { action: 'schema.register', target: printSubject(subject), detail }, by);
  return stored;
}

async function insert(tx: Queryable, chosen: Chosen, version: number, schemaId: number): Promise<void> {
  const { locked, subject, candidate, request, by } = chosen;
  await insertVersion(tx, {
    contextId: locked.contextId,
    subject: subject.subject,
    version,
    schemaId,
    referencing: candidate.references.length > 0,
    registeredBy: by.actor,
    ts: request.ts,
  });
}

function newSchema({ candidate, locked, request, importing }: Chosen, { metadata, ruleSet }: Attributes): NewSchema {
  const { text, references, likeness, type } = candidate;
  const digest = fingerprint({ canonicalText: text, references, metadata, ruleSet });
  const guid = importing && request.guid !== undefined ? request.guid : guidOf(digest);
  return {
    contextId: locked.contextId,
    fingerprint: digest,
    likeness,
    guid,
    type,
    text,
    references,
    metadata,
    ruleSet,
  };
}
