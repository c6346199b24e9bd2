import { parsePattern, type PatternNode } from './parse-pattern.ts';

export type Step =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean; readonly next: number }
  | { readonly kind: 'either'; readonly next: readonly number[] }
  | { readonly kind: 'first' | 'last'; readonly next: number }
  | { readonly kind: 'end' };

/** A pattern as states, of which a text may be in several at once: no backtracking. */
export interface Automaton {
  readonly steps: readonly Step[];
  readonly start: number;
}

const STEPS_MAX = 2_000;

/** The automaton of a pattern, or undefined when it uses what has none, or would need more than 2,000 states. */
export function compilePattern(pattern: string): Automaton | undefined {
  const node = parsePattern(pattern);
  if (node === undefined) return undefined;
  const steps: Step[] = [{ kind: 'end' }];
  const start = build(node, 0, steps);
  return start === undefined ? undefined : { steps, start };
}

/** Adds the steps of a node that go on at `next`; returns where they begin. */
function build(node: PatternNode, next: number, steps: Step[]): number | undefined {
  if (steps.length > STEPS_MAX) return undefined;
  switch (node.kind) {
    case 'character':
      return steps.push({ kind: 'character', accepts: node.accepts, next }) - 1;
    case 'first':
    case 'last':
      return steps.push({ kind: node.kind, next }) - 1;
    case 'sequence': {
      let at: number | undefined = next;
      for (const each of node.nodes.toReversed()) at = at === undefined ? undefined : build(each, at, steps);
      return at;
    }
    case 'either': {
      const starts: number[] = [];
      for (const each of node.nodes) {
        const start = build(each, next, steps);
        if (start === undefined) return undefined;
        starts.push(start);
      }
      return steps.push({ kind: 'either', next: starts }) - 1;
    }
    default:
      return buildRepeat(node, next, steps);
  }
}

function buildRepeat(
  { node, min, max }: Extract<PatternNode, { kind: 'repeat' }>,
  next: number,
  steps: Step[],
): number | undefined {
  let at: number | undefined = next;
  if (max === Infinity) {
    const ways: number[] = [next];
    const loop = steps.push({ kind: 'either', next: ways }) - 1;
    const body = build(node, loop, steps);
    if (body === undefined) return undefined;
    ways.push(body);
    at = loop;
  } else {
    for (let optional = min; optional < max && at !== undefined; optional += 1) {
      const body = build(node, at, steps);
      at = body === undefined ? undefined : steps.push({ kind: 'either', next: [body, next] }) - 1;
    }
  }
  for (let times = 0; times < min && at !== undefined; times += 1) at = build(node, at, steps);
  return at;
}
