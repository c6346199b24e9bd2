import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/show.ts';
import { type Status, statusText, topicTotals } from '../output/status-text.ts';
import type { HealthAnswer, SequencerAnswer, TopicAnswer } from '../relay/answers.ts';
import { allOf } from '../relay/pages.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function statusCommand(terminal: Terminal): Command {
  const description = 'show health, sequencer, lag, and who holds the horizon; fails when the relay is not healthy';
  return withRelay(commandOf('status', description, ['status', 'status --json | jq .sequencer.lagMessages'])).action(
    async (options: RelayOptions) => {
      const client = await relayFor(options, terminal);
      const [live, ready, sequencer, topics] = await Promise.all([
        client.call<HealthAnswer>('/health/live', { also: [503] }),
        client.call<HealthAnswer>('/health/ready', { also: [503] }),
        client.call<SequencerAnswer>('/v1/sequencer'),
        allOf<TopicAnswer>(client, '/v1/topics'),
      ]);
      const status: Status = { url: client.url, health: { live, ready }, sequencer, topics: topicTotals(topics) };
      if (options.json) await printJson(terminal, status);
      else await terminal.print(statusText(status));
      if (!live.ok || !ready.ok) throw new CommandError(EXIT.FAILED, 'the relay is not healthy');
    },
  );
}
