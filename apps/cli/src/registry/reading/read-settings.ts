import { ABSENT, zConfigAnswer, zModeAnswer } from '../registry-answers.ts';
import type { RegistryClient } from '../registry-client.ts';
import { DEFAULT_CONTEXT, printSubjectName } from '../subject-name.ts';
import { inParallel } from '../in-parallel.ts';
import type { PlaceSettings, RegistryVersion } from './registry-snapshot.ts';

/** The places whose settings can be known: the registry, its contexts, and every subject with a version. */
export function placesOf(contexts: readonly string[], versions: readonly RegistryVersion[]): string[] {
  const named = contexts.map((context) =>
    context === DEFAULT_CONTEXT ? '' : printSubjectName({ context, subject: '' }),
  );
  return [...named, ...new Set(versions.map(({ subject }) => subject))];
}

/** What each place has set for itself. Two requests per place. */
export async function readSettings(
  client: RegistryClient,
  places: readonly string[],
  options: { readonly concurrency: number; readonly onRead: (count: number) => void },
): Promise<PlaceSettings[]> {
  const found = new Map<string, PlaceSettings>();
  await inParallel(places, options.concurrency, async (place) => {
    const suffix = place === '' ? '' : `/${encodeURIComponent(place)}`;
    const config = await client.find(`/config${suffix}`, zConfigAnswer, [...ABSENT.config, ...ABSENT.route]);
    const mode = await client.find(`/mode${suffix}`, zModeAnswer, [...ABSENT.mode, ...ABSENT.route]);
    found.set(place, { place, config, mode: mode?.mode.toUpperCase() });
    options.onRead(found.size);
  });
  return places.map((place) => found.get(place)!);
}
