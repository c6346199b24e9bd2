import type { Queryable } from '#libs/foundation/postgres';
import { fingerprint, guidOf } from '#libs/formats/schema';
import { printSubject } from '../names/qualified-subject.ts';
import { buryReplacedVersions, findVersionState, reviveVersion } from '../postgres/change-version.sql.ts';
import { findVersion } from '../postgres/find-version.sql.ts';
import type { NewSchema } from '../postgres/insert-schema.sql.ts';
import { insertVersion } from '../postgres/insert-version.sql.ts';
import { recordChange } from '../postgres/record-change.sql.ts';
import { notPermitted } from '../refusals.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { chooseVersion } from './choose-version.ts';
import type { Attributes } from './identity.ts';
import { inheritAttributes, noteVersion } from './inherit-attributes.ts';
import type { Chosen } from './registration.ts';
import { storeSchemaAs, storeVersion } from './store-schema.ts';

/** Adds the version that was decided on, with its schema, its audit entry and its message. */
export async function writeVersion(tx: Queryable, chosen: Chosen): Promise<StoredVersion> {
  const { subject, request, state, importing } = chosen;
  const version = chooseVersion({ requested: request.version, last: state.last, importing });
  const stored = importing ? await importVersion(tx, chosen, version) : await addNext(tx, chosen, version);
  const { id, guid, type: schemaType } = stored;
  const target = printSubject(subject);
  await recordChange(tx, { action: 'schema.register', target, detail: { version, id, guid, schemaType } }, chosen.by);
  return stored;
}

async function addNext(tx: Queryable, chosen: Chosen, version: number): Promise<StoredVersion> {
  const { request, state, settings, locked, subject: qualified, by } = chosen;
  const { context, subject } = qualified;
  const { metadata, ruleSet } = inheritAttributes(request, state.latest, settings.config);
  const noted = noteVersion(metadata, version, { stamp: request.version === -1, given: request.metadata });
  const schema = newSchema(chosen, { metadata: noted, ruleSet });
  const place = { subject, version, registeredBy: by.actor };
  const { id, guid, ts, reused } = await storeVersion(tx, schema, place, locked.targets);
  // Soft-deleted versions with the same schema make way; only an old schema can have some.
  if (reused) await buryReplacedVersions(tx, locked.contextId, subject, id, version);
  const { contextId, type, text, references } = schema;
  const attributes = { metadata: noted, ruleSet, deleted: false, ts };
  return { contextId, context, subject, version, id, guid, type, text, references, ...attributes };
}

/** An import may repeat itself: a version that is there with the same id stays, and is live afterwards. */
async function importVersion(tx: Queryable, chosen: Chosen, version: number): Promise<StoredVersion> {
  const { request, locked, subject } = chosen;
  const id = request.id!;
  const there = await findVersionState(tx, locked.contextId, subject.subject, version);
  if (there !== undefined && there.schemaId !== id) {
    const name = printSubject(subject);
    throw notPermitted(`Subject ${name} has the version ${version} already, with the id ${there.schemaId}`);
  }
  await storeSchemaAs(tx, id, newSchema(chosen, request), locked.targets, subject.context);
  if (there === undefined) await insert(tx, chosen, version, id);
  else if (there.deleted) await reviveVersion(tx, locked.contextId, subject.subject, version);
  return (await findVersion(tx, subject.context, subject.subject, version))!;
}

async function insert(tx: Queryable, chosen: Chosen, version: number, schemaId: number): Promise<void> {
  const { locked, subject, candidate, by } = chosen;
  await insertVersion(tx, {
    contextId: locked.contextId,
    subject: subject.subject,
    version,
    schemaId,
    referencing: candidate.references.length > 0,
    registeredBy: by.actor,
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
