export { type Automaton, compilePattern } from './automaton.ts';
export { isFound } from './is-found.ts';
export { type Loops, loopsOf } from './loops.ts';
