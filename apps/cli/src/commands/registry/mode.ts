import { type Command, Option } from 'commander';
import { printJson } from '../../output/show.ts';
import { printSubjectName } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextOption, qualified, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface ModeOptions extends RegistryOptions {
  readonly set?: string;
  readonly clear?: true;
  readonly force?: true;
  readonly context?: string;
}

const MODES = ['READWRITE', 'READONLY', 'IMPORT', 'FORWARD'];

export function registryModeCommand(terminal: Terminal): Command {
  const examples = [
    'registry mode',
    'registry mode orders-value --set READONLY',
    'registry mode --context sales --set IMPORT',
    'registry mode orders-value --clear',
  ];
  const description = 'show or change what may be done: in the registry, a context, or a subject';
  return withRegistry(commandOf('mode [subject]', description, examples).argument('[subject]'))
    .addOption(new Option('--set <mode>', 'change it').choices(MODES).conflicts('clear'))
    .option('--clear', 'remove the one that was set, so that the wider one applies')
    .option('--force', 'IMPORT although there are versions; soft-deleted ones are removed for good')
    .addOption(contextOption('of the subject, or without one the context itself'))
    .action(async (subject: string | undefined, options: ModeOptions) => {
      const client = await registryFor(options, terminal);
      const { ABSENT, zAnything, zModeAnswer } = await import('../../registry/registry-answers.ts');
      const place = placeOf(subject, options.context);
      const path = `/mode${place === '' ? '' : `/${encodeURIComponent(place)}`}`;
      if (options.set !== undefined) {
        const query = options.force ? { force: true } : {};
        await client.call(path, zAnything, { method: 'PUT', query, body: { mode: options.set } });
      } else if (options.clear) await client.find(path, zAnything, ABSENT.mode, { method: 'DELETE' });
      const own = await client.find(path, zModeAnswer, ABSENT.mode);
      const { mode } = own ?? (await client.call(path, zModeAnswer, { query: { defaultToGlobal: true } }));
      if (options.json)
        return printJson(terminal, { subject: place === '' ? null : place, mode, own: own !== undefined });
      await terminal.print(`${place === '' ? 'registry' : place}: ${mode}${own === undefined ? ' (inherited)' : ''}`);
    });
}

/** The subject, the context, or '' for the whole registry. */
export function placeOf(subject: string | undefined, context: string | undefined): string {
  if (subject !== undefined) return qualified(subject, context);
  return context === undefined ? '' : printSubjectName({ context, subject: '' });
}
