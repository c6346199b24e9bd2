import type { ChangeType } from './change-type.ts';

/** One change from the writer's schema to the reader's. `path` is relative to the schemas whose finding it is. */
export interface Change {
  readonly type: ChangeType;
  readonly path: string;
  /** What stands in the way of schemas that found no partner, from the most similar one. */
  readonly because?: Findings;
}

interface Own {
  readonly change: Change;
  readonly allowed: boolean;
}

interface Below {
  readonly path: string;
  readonly findings: Findings;
}

/** A change with its path from where the listing began. */
export interface Listed extends Change {
  readonly allowed: boolean;
}

/** Changes that only describe: which values are valid stays the same. */
const NOTES = new Set(['ID_CHANGED', 'TITLE_CHANGED', 'DESCRIPTION_CHANGED', 'DEFAULT_CHANGED']);

/** Shared until something is found: most pairs are the same. */
const NO_ENTRIES: (Own | Below)[] = [];

/**
 * What was found between two schemas. Findings of schemas within are shared, not copied: schemas that refer to each other
 * can differ along exponentially many paths, which are only written out as far as they are listed.
 */
export class Findings {
  #entries: (Own | Below)[] = NO_ENTRIES;
  #compatible = true;
  #meansTheSame = true;
  #size = 0;

  get compatible(): boolean {
    return this.#compatible;
  }

  /** Nothing but notes has changed. */
  get meansTheSame(): boolean {
    return this.#meansTheSame;
  }

  /** Changes along all paths; a floating-point number, since there may be more than there are integers. */
  get size(): number {
    return this.#size;
  }

  add(change: Change, allowed: boolean): void {
    this.#push({ change, allowed });
    this.#compatible &&= allowed;
    this.#meansTheSame &&= NOTES.has(change.type);
    this.#size += 1;
  }

  /** Takes over what was found below, which is complete. */
  include(findings: Findings, path: string): void {
    if (findings.#size === 0) return;
    this.#push({ path, findings });
    this.#compatible &&= findings.#compatible;
    this.#meansTheSame &&= findings.#meansTheSame;
    this.#size += findings.#size;
  }

  #push(entry: Own | Below): void {
    if (this.#entries === NO_ENTRIES) this.#entries = [entry];
    else this.#entries.push(entry);
  }

  /** The first `max` changes, in the order in which they were found. A loop, since findings may nest deeper than calls may. */
  list(max: number, only: 'all' | 'breaking' = 'all'): Listed[] {
    const listed: Listed[] = [];
    const waiting: { readonly entry: Own | Below; readonly base: string }[] = [];
    const open = (findings: Findings, base: string): void => {
      for (let at = findings.#entries.length - 1; at >= 0; at -= 1) {
        const entry = findings.#entries[at]!;
        const breaks = 'findings' in entry ? !entry.findings.#compatible : !entry.allowed;
        if (breaks || only === 'all') waiting.push({ entry, base });
      }
    };
    open(this, '');
    for (let next = waiting.pop(); next !== undefined && listed.length < max; next = waiting.pop()) {
      const { entry, base } = next;
      if ('findings' in entry) open(entry.findings, joined(base, entry.path));
      else listed.push({ ...entry.change, path: joined(base, entry.change.path), allowed: entry.allowed });
    }
    return listed;
  }
}

/** What is found between schemas that are the same. */
export const NOTHING_FOUND = new Findings();

function joined(path: string, step: string): string {
  if (step === '') return path;
  return path === '' ? step : `${path}/${step}`;
}
