/** One line of a comparison: in both texts, only in the old one, or only in the new one. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Beyond so many different lines the shortest comparison is not looked for: the middle is shown as replaced. */
const EDITS_MAX = 500;

/** The shortest way from one text to the other, line by line (Myers' algorithm). */
export function diffLines(oldText: string, newText: string): DiffLine[] {
  const a = linesOf(oldText);
  const b = linesOf(newText);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const oldMiddle = a.slice(start, a.length - end);
  const newMiddle = b.slice(start, b.length - end);
  return [
    ...a.slice(0, start).map((text): DiffLine => ({ mark: ' ', text })),
    ...(shortest(oldMiddle, newMiddle) ?? replaced(oldMiddle, newMiddle)),
    ...a.slice(a.length - end).map((text): DiffLine => ({ mark: ' ', text })),
  ];
}

/** The changed lines with `context` lines around them; `…` stands for what is left out. */
export function changedLines(lines: readonly DiffLine[], context: number): string[] {
  const near = new Set<number>();
  for (const [at, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    for (let each = at - context; each <= at + context; each++) near.add(each);
  }
  const shown: string[] = [];
  let left = false;
  for (const [at, { mark, text }] of lines.entries()) {
    if (near.has(at)) {
      if (left) shown.push('  …');
      shown.push(`${mark} ${text}`);
    }
    left = !near.has(at);
  }
  if (left && shown.length > 0) shown.push('  …');
  return shown;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

const replaced = (a: readonly string[], b: readonly string[]): DiffLine[] => [
  ...a.map((text): DiffLine => ({ mark: '-', text })),
  ...b.map((text): DiffLine => ({ mark: '+', text })),
];

/**
 * For each number of edits, how far one gets on each diagonal x - y; the trail is walked back from the end. Undefined when
 * the texts are too different.
 */
function shortest(a: readonly string[], b: readonly string[]): DiffLine[] | undefined {
  let reach = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(EDITS_MAX, a.length + b.length); edits++) {
    trail.push(reach);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = firstX(reach, diagonal, edits);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(a, b, trail);
    }
    reach = next;
  }
  return undefined;
}

/** Where a diagonal is entered: from the neighbour that got further. */
function firstX(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const below = reach.get(diagonal + 1) ?? -1;
  const left = reach.get(diagonal - 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && left < below) ? below : left + 1;
}

function walkBack(a: readonly string[], b: readonly string[], trail: readonly ReadonlyMap<number, number>[]) {
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trail.length - 1; edits >= 0; edits--) {
    const reach = trail[edits]!;
    const diagonal = x - y;
    const below = reach.get(diagonal + 1) ?? -1;
    const left = reach.get(diagonal - 1) ?? -1;
    const down = diagonal === -edits || (diagonal !== edits && left < below);
    const fromDiagonal = down ? diagonal + 1 : diagonal - 1;
    const fromX = down ? below : left;
    const enteredX = down ? fromX : fromX + 1;
    while (x > enteredX) lines.push({ mark: ' ', text: a[(x -= 1)]! });
    y = x - diagonal;
    if (edits === 0) break;
    lines.push(down ? { mark: '+', text: b[y - 1]! } : { mark: '-', text: a[x - 1]! });
    x = fromX;
    y = fromX - fromDiagonal;
  }
  return lines.reverse();
}
