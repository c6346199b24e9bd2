import type { Automaton } from './automaton.ts';

/** Whether the pattern is found in a text: takes the number of characters times that of states, whatever they are. */
export function isFound({ steps, start }: Automaton, text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  let states = new Set<number>();
  for (let at = 0; at <= codes.length; at += 1) {
    // A match may begin anywhere, so the start is entered again before every character.
    if (enter(start, steps, at, codes.length, states)) return true;
    if (at === codes.length) return false;
    const next = new Set<number>();
    for (const state of states) {
      const step = steps[state]!;
      if (step.kind === 'character' && step.accepts(codes[at]!)) {
        if (enter(step.next, steps, at + 1, codes.length, next)) return true;
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
