import type { TopicSelector } from './subscription.ts';

/** What a glob may consist of. */
export const GLOB_LEGAL = /^[a-zA-Z0-9._*-]+$/;

/** True for a glob or a regular expression: what it selects depends on the topics there are. */
export function isPattern(selector: TopicSelector): boolean {
  return typeof selector !== 'string' || selector.includes('*');
}

/** Whether a pattern selects a topic; always of the whole name. */
export function selectorTest(selector: TopicSelector): (topic: string) => boolean {
  const source = typeof selector === 'string' ? globSource(selector) : selector.source;
  const flags = typeof selector === 'string' ? '' : selector.flags.replaceAll(/[gy]/g, '');
  const whole = new RegExp(`^(?:${source})$`, flags);
  return (topic) => whole.test(topic);
}

/** Names of topics have no other character that means something in an expression than the dot (see GLOB_LEGAL). */
function globSource(glob: string): string {
  return glob
    .split(/(\*+)/)
    .map((part) => {
      if (part.startsWith('**')) return '.*';
      return part === '*' ? '[^.]*' : part.replaceAll('.', '\\.');
    })
    .join('');
}
