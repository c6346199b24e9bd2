/**
 * What a subscription names: a topic exactly, several with `*` and `**`, or several by a regular expression.
 *
 * - `*` stands for characters of one part of a name, the parts being separated by dots, and alone for a whole part:
 *   `orders.*` is `orders.placed`, not `orders.placed.eu`; `orders.p*` is `orders.placed` and `orders.p`.
 * - `**` also stands for dots: `orders.**` is both, `**.placed` is `orders.placed` and `eu.orders.placed`.
 * - A regular expression is searched for in the name, as `test` does: anchor it with `^` and `$`.
 */
export type TopicPattern = string | RegExp;

/** Names that patterns do not mean unless they say so, and what a pattern that says so has in it. */
const RESERVED: readonly { readonly name: RegExp; readonly said: RegExp }[] = [
  { name: /\.retry(\.\d+)?$/, said: /retry/i },
  { name: /\.dlq$/, said: /dlq/i },
  { name: /^_/, said: /(^|[\^(|:])_/ },
];

/** True for a pattern that names one topic. */
export function isExactName(pattern: TopicPattern): pattern is string {
  return typeof pattern === 'string' && !pattern.includes('*');
}

/**
 * The topics that a subscription means, sorted, each once: exact names whether they exist or not (they may come), and of
 * the existing ones those that a pattern matches. Retry and dead letter topics (`*.retry`, `*.retry.2`, `*.dlq`) and
 * names that begin with an underscore are meant only by an exact name or by a pattern that has `retry`, `dlq` or the
 * leading underscore in it: `**` shall not feed a group its own failures.
 */
export function matchTopics(patterns: readonly TopicPattern[], existing: readonly string[]): string[] {
  const matched = new Set(patterns.filter(isExactName));
  for (const pattern of patterns) {
    if (isExactName(pattern)) continue;
    const matches = matcherOf(pattern);
    for (const topic of existing) if (matches(topic)) matched.add(topic);
  }
  return [...matched].sort();
}

function matcherOf(pattern: TopicPattern): (topic: string) => boolean {
  const text = typeof pattern === 'string' ? pattern : pattern.source;
  const unsaid = RESERVED.filter(({ said }) => !said.test(text));
  // Without the flags that make `test` remember where it was.
  const expression =
    typeof pattern === 'string'
      ? expressionOf(pattern)
      : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (topic) => expression.test(topic) && !unsaid.some(({ name }) => name.test(topic));
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('.').map((part) => {
    if (part === '*') return '[^.]+';
    if (/^\*{2,}$/.test(part)) return '.+';
    // More than two stars say no more than two.
    return part.replace(/\*+|[^*]+/g, (run) =>
      run.startsWith('*') ? (run === '*' ? '[^.]*' : '.*') : run.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
    );
  });
  return new RegExp(`^${parts.join('\\.')}$`);
}
