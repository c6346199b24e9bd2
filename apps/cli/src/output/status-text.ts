import { formatDuration } from '../input/duration.ts';
import type { HealthAnswer, SequencerAnswer, TopicAnswer } from '../relay/answers.ts';
import { explainHolder } from './explain-holder.ts';

/** What `tidemark status` shows; its JSON form is this document. */
export interface Status {
  readonly url: string;
  readonly health: { readonly live: HealthAnswer; readonly ready: HealthAnswer };
  readonly sequencer: SequencerAnswer;
  readonly topics: { readonly count: number; readonly partitions: number };
}

export function topicTotals(topics: readonly TopicAnswer[]): Status['topics'] {
  return { count: topics.length, partitions: topics.reduce((sum, topic) => sum + topic.partitions, 0) };
}

/** Everything in a few lines, what needs attention in plain words. */
export function statusText({ url, health, sequencer, topics }: Status): string {
  return [
    `relay      ${url}`,
    `health     ${healthText(health.live, 'alive', 'NOT ALIVE')}; ${healthText(health.ready, 'ready', 'NOT READY')}`,
    `sequencer  ${leaderText(sequencer)}`,
    `position   ${sequencer.cursor} sequenced, ${sequencer.horizon} visible, ${sequencer.lastPosition} drawn`,
    `lag        ${lagText(sequencer)}`,
    `topics     ${topics.count} with ${topics.partitions} partitions`,
    ...horizonLines(sequencer),
  ].join('\n');
}

function healthText(health: HealthAnswer, good: string, bad: string): string {
  if (health.ok) return good;
  const failing = health.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);
  return `${bad} (${failing.join('; ') || 'no reason given'})`;
}

function leaderText({ leader, thisInstanceLeads, term }: SequencerAnswer): string {
  if (leader === null) return `NOBODY LEADS since term ${term}: messages wait in the outbox until a relay runs`;
  const where = `${leader.host ?? 'an unknown host'}, process ${leader.pid ?? '?'}`;
  return `${where}${thisInstanceLeads ? ' (this relay)' : ''} leads since ${leader.since}, term ${term}`;
}

function lagText({ lagMessages, lagSeconds }: SequencerAnswer): string {
  if (lagMessages === '0') return 'none';
  return `${lagMessages} messages, the oldest for ${formatDuration(lagSeconds * 1_000)}`;
}

function horizonLines({ horizonHolders }: SequencerAnswer): string[] {
  if (horizonHolders.length === 0) return ['horizon    held by nobody'];
  return ['horizon    held by open transactions:', ...horizonHolders.flatMap(explainHolder).map((line) => `  ${line}`)];
}
