/** Topics by name: `*` any characters, `?` one, `{a,b}` one of several. Made by parseTopicPattern. */
export interface TopicPattern {
  readonly text: string;
  /** Without braces: the name fits when it fits one of them. */
  readonly alternatives: readonly string[];
}

/** Bounds what nested choices multiply to: `{a,b}{c,d}{e,f}` has 8. */
const ALTERNATIVES_MAX = 256;
/** As long as a topic's name may be, with room for choices. */
const PATTERN_MAX = 1_000;

/** The pattern, or what is wrong with it. */
export function parseTopicPattern(text: string): TopicPattern | string {
  if (text === '') return 'expected a pattern of topic names; * stands for all';
  if (text.length > PATTERN_MAX) return `expected at most ${PATTERN_MAX} characters`;
  const stray = /[^a-zA-Z0-9._\-*?{},]/.exec(text)?.[0];
  if (stray !== undefined) {
    return `${JSON.stringify(stray)} is in no topic name; patterns have letters, digits, . _ - and * ? {a,b}`;
  }
  let alternatives = [''];
  for (const part of text.split(/(\{[^{}]*\})/)) {
    const choices = part.startsWith('{') && part.endsWith('}') ? part.slice(1, -1).split(',') : [part];
    if (choices.length === 1 && /[{},]/.test(choices[0]!))
      return 'braces do not match, are nested, or a comma is outside';
    alternatives = alternatives.flatMap((before) => choices.map((choice) => before + choice));
    if (alternatives.length > ALTERNATIVES_MAX) return `its choices make more than ${ALTERNATIVES_MAX} patterns`;
  }
  return { text, alternatives };
}

export function matchesTopic(pattern: TopicPattern, name: string): boolean {
  return pattern.alternatives.some((glob) => matchesGlob(glob, name));
}

/** Goes back to the last star only, so the time is the product of both lengths at most, whatever the pattern. */
function matchesGlob(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (g < glob.length && glob[g] === '*') {
      star = g;
      resume = n;
      g += 1;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === name[n])) {
      g += 1;
      n += 1;
    } else if (star >= 0) {
      g = star + 1;
      resume += 1;
      n = resume;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}
