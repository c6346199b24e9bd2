import { type Automaton, compilePattern, isFound } from '#libs/formats/patterns';

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
