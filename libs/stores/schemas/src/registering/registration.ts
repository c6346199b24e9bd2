import type { Candidate } from '../contents/candidate.ts';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { RegistrationState } from '../postgres/read-registration-state.sql.ts';
import type { SeenState } from '../postgres/register-version.sql.ts';
import type { ChangeAuthor, RegisterOptions } from '../registry.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { CheckedRequest } from './check-request.ts';
import type { LockedSubject } from './lock-for-registration.ts';

/** What is registered, and by whom. */
export interface Registration {
  readonly subject: QualifiedSubject;
  readonly request: CheckedRequest;
  readonly options: RegisterOptions;
  readonly by: ChangeAuthor;
  /** The state in which the subject did not have the schema; undefined when that was not asked. */
  readonly missedIn?: SeenState;
}

/** A request whose text and references are known. */
export type Source = CheckedRequest & { readonly text: string };

/** All that the decisions of one registration rest on. */
export interface Chosen extends Registration {
  readonly request: Source;
  readonly candidate: Candidate;
  readonly locked: LockedSubject;
  readonly settings: Settings;
  readonly state: RegistrationState;
  readonly importing: boolean;
}
