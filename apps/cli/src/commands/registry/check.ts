import { type Command, Option } from 'commander';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { explanation } from '../../output/explanation.ts';
import { printJson } from '../../output/show.ts';
import { subjectPath } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import {
  contextOption,
  parseVersion,
  qualified,
  registryFor,
  type RegistryOptions,
  withRegistry,
} from './registry-parts.ts';
import { addReference, type GivenReference, readSchemaFile } from './schema-file.ts';

interface CheckOptions extends RegistryOptions {
  readonly subject: string;
  readonly version?: string;
  readonly type?: string;
  readonly reference?: readonly GivenReference[];
  readonly context?: string;
}

export function registryCheckCommand(terminal: Terminal): Command {
  const examples = [
    'registry check order.avsc --subject orders-value',
    'registry check order.proto --subject orders-value --reference money.proto=money@2',
    'registry check order.avsc --subject orders-value --version 3',
  ];
  const description =
    'say whether a schema may follow the versions of a subject, and if not, why and what would mend it';
  return withRegistry(commandOf('check <file>', description, examples).argument('<file>'))
    .addOption(new Option('--subject <subject>', 'whose versions it shall follow').makeOptionMandatory())
    .addOption(
      new Option('--version <version>', 'compare with this one (default: those that the level demands)').argParser(
        parseVersion,
      ),
    )
    .addOption(new Option('--type <type>', 'default: that of the extension').choices(['AVRO', 'JSON', 'PROTOBUF']))
    .addOption(new Option('--reference <name=subject@version>', 'repeatable').argParser(addReference))
    .addOption(contextOption('of the subject'))
    .action(async (file: string, options: CheckOptions) => {
      const { schema, schemaType } = await readSchemaFile(file, options.type);
      const client = await registryFor(options, terminal);
      const { ABSENT, zExplanation, zVerdict } = await import('../../registry/registry-answers.ts');
      const subject = qualified(options.subject, options.context);
      const body = { schema, schemaType, references: options.reference ?? [] };
      const explained = await client.find('/v1/compatibility/explain', zExplanation, ABSENT.route, {
        method: 'POST',
        query: { subject, version: options.version },
        body,
        repeatable: true,
      });
      const verdict =
        explained ??
        // A registry of another make has only Confluent's words.
        (await client.call(
          `/compatibility${subjectPath(subject)}/versions${options.version === undefined ? '' : `/${options.version}`}`,
          zVerdict,
          { method: 'POST', query: { verbose: true }, body, repeatable: true },
        ));
      if (options.json) await printJson(terminal, verdict);
      else if (verdict.is_compatible) await terminal.print(`${file} may follow the versions of ${subject}`);
      else {
        await terminal.print(`${file} may not follow the versions of ${subject}:`);
        for (const line of explanation(explained?.differences ?? [], verdict.messages ?? []))
          await terminal.print(line);
      }
      if (!verdict.is_compatible) throw new CommandError(EXIT.FAILED, 'the schema is not compatible');
    });
}
