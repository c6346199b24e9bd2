import { compareWithEarlier } from '../comparing/compare-earlier.ts';
import { printSubject } from '../names/qualified-subject.ts';
import { liveVersions } from '../postgres/page-live-versions.sql.ts';
import { incompatible } from '../refusals.ts';
import type { ChangePlace } from '../registry-parts.ts';
import { inheritAttributes } from './inherit-attributes.ts';
import type { Chosen } from './registration.ts';

/** Throws 40901, with everything that is wrong, where the level in scope forbids the schema after the live versions. */
export async function requireCompatible({ tx, library, known }: ChangePlace, chosen: Chosen): Promise<void> {
  const { subject, candidate, settings, request, state } = chosen;
  if (state.latest === undefined) return;
  const { metadata } = inheritAttributes(request, state.latest, settings.config);
  const verdict = await compareWithEarlier(
    tx,
    library,
    { candidate, metadata, config: settings.config },
    // The latest is enough for most levels, and it is here already.
    known !== undefined && settings.config.compatibilityLevel?.endsWith('_TRANSITIVE') === true
      ? known.in(tx, subject, state)
      : liveVersions(tx, subject.context, subject.subject, { latest: state.latest }),
  );
  if (!verdict.compatible) throw incompatible(printSubject(subject), verdict.messages, verdict.reasons);
}
