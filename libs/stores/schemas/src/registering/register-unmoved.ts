import type { Candidate } from '../contents/candidate.ts';
import type { RegistrationState } from '../postgres/read-registration-state.sql.ts';
import { RegistryError } from '../registry-error.ts';
import type { RegistryParts } from '../registry-parts.ts';
import { settingsOf } from '../settings/read-settings.ts';
import { checkRegistrable } from '../settings/write-permission.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { requireAcceptable } from './register-schema.ts';
import type { Chosen, Registration, Source } from './registration.ts';
import { writeUnmoved } from './write-version.ts';

/** A registration that was looked at without a lock, and where the subject stood then. */
export interface SeenRegistration extends Registration {
  readonly request: Source;
  /** Read as the settings of this state ask for. Refers to nothing: what schemas refer to has to be locked first. */
  readonly candidate: Candidate;
  /** Nothing in the subject is alike, and the context is listed. */
  readonly state: RegistrationState;
}

/**
 * Decides about a registration before it has a lock, and writes what it decided if nothing has happened meanwhile. Undefined when
 * something has, and where the decision is against it: a refusal needs the lock to be sure, so `registerSchema` makes it.
 */
export async function registerUnmoved(
  parts: RegistryParts,
  registration: SeenRegistration,
): Promise<StoredVersion | undefined> {
  const { subject, request, state } = registration;
  const { database, library, known } = parts;
  const settings = settingsOf(subject, state, parts.defaults);
  if (settings.mode === 'IMPORT') return undefined;
  const locked = { contextId: state.contextId, targets: [], deletedTarget: undefined };
  const chosen: Chosen = { ...registration, locked, settings, importing: false };
  try {
    checkRegistrable(subject, settings.mode, request.id);
    await requireAcceptable({ tx: database, library, known }, chosen);
    return await writeUnmoved(database, chosen);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
