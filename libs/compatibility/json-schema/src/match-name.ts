import { type Automaton, compilePattern } from './pattern-automaton.ts';

const NAME_LENGTH_MAX = 1_000;
const STATES_PER_STEP = 16;
/** Patterns repeat within one comparison; the cache is emptied when it is full. */
const CACHE_MAX = 500;
const compiled = new Map<string, Automaton | undefined>();

/**
 * Whether a pattern is found in a property's name; undefined when it is too involved to say (look-around, back references,
 * word boundaries, thousands of repetitions). Time is the length of the name times that of the pattern whatever they are:
 * patterns come from users and are never given to a backtracking engine.
 */
export function matchesName(pattern: string, name: string): boolean | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const automaton = automatonOf(pattern);
  return automaton === undefined ? undefined : isFound(automaton, name);
}

/** The most that matching may cost, in steps of about a microsecond: every state at every character. */
export function matchingCost(pattern: string, name: string): number {
  const states = automatonOf(pattern)?.steps.length ?? 0;
  return name.length > NAME_LENGTH_MAX ? 1 : 1 + ((name.length + 1) * states) / STATES_PER_STEP;
}

function automatonOf(pattern: string): Automaton | undefined {
  if (!compiled.has(pattern)) {
    if (compiled.size >= CACHE_MAX) compiled.clear();
    compiled.set(pattern, compilePattern(pattern));
  }
  return compiled.get(pattern);
}

function isFound({ steps, start }: Automaton, name: string): boolean {
  let states = new Set<number>();
  for (let at = 0; at <= name.length; at += 1) {
    // A match may begin anywhere, so the start is entered again before every character.
    if (enter(start, steps, at, name.length, states)) return true;
    if (at === name.length) return false;
    const next = new Set<number>();
    for (const state of states) {
      const step = steps[state]!;
      if (step.kind === 'character' && step.accepts(name.charCodeAt(at))) {
        if (enter(step.next, steps, at + 1, name.length, next)) return true;
      }
    }
    states = next;
  }
  return false;
}

/** Adds the states that are reached without reading; true when the pattern is through. */
function enter(state: number, steps: Automaton['steps'], at: number, length: number, states: Set<number>): boolean {
  const waiting = [state];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (states.has(next)) continue;
    states.add(next);
    const step = steps[next]!;
    if (step.kind === 'end') return true;
    if (step.kind === 'either') waiting.push(...step.next);
    const isAt = step.kind === 'first' ? at === 0 : step.kind === 'last' ? at === length : false;
    if (isAt && (step.kind === 'first' || step.kind === 'last')) waiting.push(step.next);
  }
  return false;
}
