import { type Command, Option } from 'commander';
import { usageError } from '../../command-error.ts';
import { printJson, printTable } from '../../output/show.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { placeOf } from './mode.ts';
import { addText, contextOption, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface ConfigOptions extends RegistryOptions {
  readonly compatibility?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  readonly clear?: true;
  readonly context?: string;
}

const LEVELS = ['NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'];

export function registryConfigCommand(terminal: Terminal): Command {
  const examples = [
    'registry config',
    'registry config orders-value',
    'registry config orders-value --compatibility FULL',
    'registry config orders-value --set normalize=true --set compatibilityGroup=application.major.version',
    'registry config orders-value --unset compatibilityGroup',
    'registry config orders-value --clear',
  ];
  const description = 'show or change the config of the registry, a context, or a subject';
  return withRegistry(commandOf('config [subject]', description, examples).argument('[subject]'))
    .addOption(
      new Option('--compatibility <level>', 'which versions a new one has to go together with').choices(LEVELS),
    )
    .addOption(new Option('--set <field=value>', 'any field; repeatable; values are JSON or text').argParser(addField))
    .addOption(new Option('--unset <field>', 'one field; repeatable').argParser(addText))
    .addOption(
      new Option('--clear', 'remove all that was set, so that the wider one applies').conflicts([
        'compatibility',
        'set',
        'unset',
      ]),
    )
    .addOption(contextOption('of the subject, or without one the context itself'))
    .action(async (subject: string | undefined, options: ConfigOptions) => {
      const client = await registryFor(options, terminal);
      const { ABSENT, zAnything, zConfigAnswer } = await import('../../registry/registry-answers.ts');
      const place = placeOf(subject, options.context);
      const path = `/config${place === '' ? '' : `/${encodeURIComponent(place)}`}`;
      const change = changeOf(options);
      if (options.clear) await client.find(path, zAnything, ABSENT.config, { method: 'DELETE' });
      else if (change !== undefined) await client.call(path, zAnything, { method: 'PUT', body: change });
      const own = (await client.find(path, zConfigAnswer, ABSENT.config)) ?? {};
      const effective = await client.call(path, zConfigAnswer, { query: { defaultToGlobal: true } });
      if (options.json) return printJson(terminal, { subject: place === '' ? null : place, effective, own });
      await printTable(
        terminal,
        [{ title: 'FIELD' }, { title: 'VALUE' }, { title: 'SET' }],
        Object.entries({ ...effective, ...own }).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
          name in own ? 'here' : 'inherited',
        ]),
        'Nothing is set.',
      );
    });
}

/** The change in the words of the API, or undefined when none is asked for. */
function changeOf({ compatibility, set, unset }: ConfigOptions): Record<string, unknown> | undefined {
  const cleared = Object.fromEntries((unset ?? []).map((field) => [apiName(field), null]));
  const change = { ...set, ...cleared, ...(compatibility === undefined ? {} : { compatibility }) };
  return Object.keys(change).length === 0 ? undefined : change;
}

/** The level is called `compatibilityLevel` in answers and `compatibility` in writes. */
const apiName = (field: string): string => (field === 'compatibilityLevel' ? 'compatibility' : field);

function addField(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw usageError('--set expects field=value');
  return { ...before, [apiName(text.slice(0, at))]: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  if (!/^(true|false|[[{])/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
