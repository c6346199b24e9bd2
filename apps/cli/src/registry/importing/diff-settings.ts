import type { JsonRecord, PlaceSettings } from '../reading/registry-snapshot.ts';
import { canonicalJson } from './canonical-json.ts';

/** What makes the settings of one place those of the source. */
export interface SettingsChange {
  readonly place: string;
  /** A write in the words of the API, 'delete', or undefined: nothing to change. The same holds for the mode. */
  readonly config: JsonRecord | 'delete' | undefined;
  readonly mode: string | undefined;
}

/** The changes for places that the source knows; others are left alone. */
export function diffSettings(source: readonly PlaceSettings[], target: readonly PlaceSettings[]): SettingsChange[] {
  const here = new Map(target.map((settings) => [settings.place, settings]));
  return source
    .map(({ place, config, mode }): SettingsChange => {
      const copy = here.get(place);
      return { place, config: configChange(config, copy?.config), mode: modeChange(mode, copy?.mode) };
    })
    .filter(({ config, mode }) => config !== undefined || mode !== undefined);
}

/** A write leaves alone what it does not name, so that what only the target has is cleared by name. */
export function configChange(
  wanted: JsonRecord | undefined,
  current: JsonRecord | undefined,
): JsonRecord | 'delete' | undefined {
  if (canonicalJson(wanted) === canonicalJson(current)) return undefined;
  if (wanted === undefined) return 'delete';
  const cleared = Object.keys(current ?? {}).filter((name) => (wanted[name] ?? null) === null);
  const written = { ...Object.fromEntries(cleared.map((name) => [name, null])), ...wanted };
  // The level has another name in a write than in an answer.
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name === 'compatibilityLevel' ? 'compatibility' : name, value]),
  );
}

function modeChange(wanted: string | undefined, current: string | undefined): string | undefined {
  if (wanted === current) return undefined;
  return wanted ?? 'delete';
}
