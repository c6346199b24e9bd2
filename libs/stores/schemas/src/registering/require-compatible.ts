import { compareWithEarlier, onePage } from '../comparing/compare-earlier.ts';
import { printSubject } from '../names/qualified-subject.ts';
import { liveVersions } from '../postgres/page-live-versions.sql.ts';
import { incompatible } from '../refusals.ts';
import type { ChangePlace } from '../registry-parts.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { inheritAttributes } from './inherit-attributes.ts';
import type { Chosen } from './registration.ts';

/** Throws 40901, with everything that is wrong, where the level in scope, or a reserved name, forbids the schema. */
export async function requireCompatible(place: ChangePlace, chosen: Chosen): Promise<void> {
  const { subject, candidate, settings, request, state } = chosen;
  const { metadata } = inheritAttributes(request, state.latest, settings.config);
  const verdict = await compareWithEarlier(
    place.tx,
    place.library,
    { candidate, metadata, config: settings.config },
    versionsToCompare(place, chosen),
  );
  if (!verdict.compatible) throw incompatible(printSubject(subject), verdict.messages, verdict.reasons);
}

function versionsToCompare({ tx, known }: ChangePlace, chosen: Chosen): AsyncIterable<readonly StoredVersion[]> {
  const { subject, settings, state } = chosen;
  if (state.latest === undefined) return onePage(undefined);
  // The latest is enough for most levels, and it is here already.
  return known !== undefined && settings.config.compatibilityLevel?.endsWith('_TRANSITIVE') === true
    ? known.in(tx, subject, state)
    : liveVersions(tx, subject.context, subject.subject, { latest: state.latest });
}
