const LENGTH_MAX = 10_000;

/**
 * Says what is wrong with a regular expression, or undefined. Only the syntax is looked at: a pattern is never run while a
 * schema is registered or compared, so that one which backtracks for ever does no harm. What Java accepts beyond
 * JavaScript (inline flags, possessive quantifiers, quotes) passes, since other registries hold such patterns.
 */
export function patternError(pattern: string): string | undefined {
  if (pattern.length > LENGTH_MAX) return `the pattern is longer than ${LENGTH_MAX} characters`;
  const relaxed = pattern
    .replace(/\\Q(.*?)(?:\\E|$)/gs, 'q')
    .replace(/\(\?[a-zA-Z-]+\)/g, '')
    .replace(/\(\?>/g, '(?:')
    .replace(/(?<=[^\\][*+?}])\+/g, '');
  const attempts = [
    [pattern, 'u'],
    [pattern, ''],
    [relaxed, ''],
  ] as const;
  let problem = '';
  for (const [source, flags] of attempts) {
    try {
      void new RegExp(source, flags);
      return undefined;
    } catch (error) {
      problem = (error as SyntaxError).message;
    }
  }
  return `the pattern is not a regular expression (${problem})`;
}
