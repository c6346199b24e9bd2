import { parsePattern, type PatternNode } from './parse-pattern.ts';

/** What makes a backtracking engine slow. */
export interface Loops {
  /** Repetitions of open or large number: the time may grow with the length of the text to the power of one more. */
  readonly count: number;
  /** One repetition can begin within another, or choose: the time may double with every character. */
  readonly nested: boolean;
}

/** Repetitions up to here count as written out. */
const FEW = 9;

/** How a pattern repeats; undefined for what is not understood here, such as look-around. */
export function loopsOf(pattern: string): Loops | undefined {
  const node = parsePattern(pattern);
  return node && loopsIn(node);
}

function loopsIn(node: PatternNode): Loops {
  switch (node.kind) {
    case 'sequence':
    case 'either': {
      const each = node.nodes.map(loopsIn);
      return { count: each.reduce((sum, { count }) => sum + count, 0), nested: each.some(({ nested }) => nested) };
    }
    case 'repeat': {
      const body = loopsIn(node.node);
      if (node.max <= 1) return body;
      const isLoop = node.max > FEW;
      const nested = body.nested || (isLoop ? body.count > 0 || chooses(node.node) : body.count > 0);
      return { count: body.count + (isLoop ? 1 : 0), nested };
    }
    default:
      return { count: 0, nested: false };
  }
}

/** Whether there is more than one way through a node. */
function chooses(node: PatternNode): boolean {
  if (node.kind === 'either') return node.nodes.length > 1;
  if (node.kind === 'sequence') return node.nodes.some(chooses);
  return node.kind === 'repeat' && (node.min !== node.max || chooses(node.node));
}
