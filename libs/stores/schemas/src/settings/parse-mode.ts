import type { Mode } from '../registry.ts';

const MODES: readonly Mode[] = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD'];

/** The mode that a name means, in any case; undefined for another name. */
export function parseMode(text: string): Mode | undefined {
  return MODES.find((mode) => mode === text.toUpperCase());
}
