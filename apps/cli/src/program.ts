import { Command } from 'commander';
import { VERSION } from '#libs/foundation/kernel';
import { adoptApplyCommand } from './commands/adopt-apply.ts';
import { adoptListCommand } from './commands/adopt-list.ts';
import { adoptResumeCommand } from './commands/adopt-resume.ts';
import { adoptUndoCommand } from './commands/adopt-undo.ts';
import { clustersAcceptCommand } from './commands/clusters-accept.ts';
import { clustersDescribeCommand } from './commands/clusters-describe.ts';
import { clustersListCommand } from './commands/clusters-list.ts';
import { clustersRemoveCommand } from './commands/clusters-remove.ts';
import { clustersResyncCommand } from './commands/clusters-resync.ts';
import { credentialsAddCommand } from './commands/credentials-add.ts';
import { failoverCommand } from './commands/failover.ts';
import { groupsDeleteCommand } from './commands/groups-delete.ts';
import { groupsDescribeCommand } from './commands/groups-describe.ts';
import { groupsListCommand } from './commands/groups-list.ts';
import { groupsResetCommand } from './commands/groups-reset.ts';
import { messageCommand } from './commands/message.ts';
import { migrateDownCommand, migrateStatusCommand, migrateUpCommand } from './commands/migrate.ts';
import { readCommand } from './commands/read.ts';
import { registryCommands } from './commands/registry/registry-commands.ts';
import { statusCommand } from './commands/status.ts';
import { tailCommand } from './commands/tail.ts';
import { topicsAlterCommand } from './commands/topics-alter.ts';
import { topicsCreateCommand } from './commands/topics-create.ts';
import { topicsDescribeCommand } from './commands/topics-describe.ts';
import { topicsListCommand } from './commands/topics-list.ts';
import { translateCommand } from './commands/translate.ts';
import { verifyCommand } from './commands/verify.ts';
import type { Terminal } from './terminal.ts';

/** The whole command line. The first command of a family runs when none of them is named: `tidemark topics`. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('tidemark')
    .description(
      'Topics, records, consumer groups, Kafka clusters, schemas and the database of Tidemark, from a terminal.',
    )
    .version(VERSION)
    // Commands have a --version of their own: that of a schema.
    .enablePositionalOptions()
    .addCommand(statusCommand(terminal))
    .addCommand(readCommand(terminal))
    .addCommand(tailCommand(terminal))
    .addCommand(messageCommand(terminal))
    .addCommand(
      family('topics', 'list, create and change topics', [
        topicsListCommand(terminal),
        topicsCreateCommand(terminal),
        topicsDescribeCommand(terminal),
        topicsAlterCommand(terminal),
      ]),
    )
    .addCommand(
      family('groups', 'look at consumer groups, and move them', [
        groupsListCommand(terminal),
        groupsDescribeCommand(terminal),
        groupsResetCommand(terminal),
        groupsDeleteCommand(terminal),
      ]),
    )
    .addCommand(
      family('clusters', 'look at the Kafka clusters that topics are published to', [
        clustersListCommand(terminal),
        clustersDescribeCommand(terminal),
        clustersResyncCommand(terminal),
        clustersAcceptCommand(terminal),
        clustersRemoveCommand(terminal),
      ]),
    )
    .addCommand(verifyCommand(terminal))
    .addCommand(failoverCommand(terminal))
    .addCommand(translateCommand(terminal))
    .addCommand(family('registry', 'schemas: look at them, check, move and apply them', registryCommands(terminal)))
    .addCommand(
      family('migrate', 'bring a database up to date', [
        migrateUpCommand(terminal),
        migrateDownCommand(terminal),
        migrateStatusCommand(terminal),
      ]),
    )
    .addCommand(
      family('adopt', 'emit the rows of an outbox table that exists already', [
        adoptApplyCommand(terminal),
        adoptListCommand(terminal),
        adoptResumeCommand(terminal),
        adoptUndoCommand(terminal),
      ]),
    )
    .addCommand(
      new Command('credentials').description('who may use the HTTP APIs').addCommand(credentialsAddCommand(terminal)),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or failed, 2 not understood, 3 service or database not reachable, 130 Ctrl-C.' +
        '\nEach command explains itself: tidemark topics create --help',
    );
  settle(program, terminal);
  return program;
}

function family(name: string, description: string, [first, ...others]: Command[]): Command {
  const command = new Command(name).description(description);
  if (first !== undefined) command.addCommand(first, { isDefault: true });
  for (const other of others) command.addCommand(other);
  return command;
}

/** Errors are thrown instead of ending the process, and all text goes through the terminal. */
function settle(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => void terminal.print(text.replace(/\n$/, '')),
      writeErr: (text) => terminal.note(text.replace(/\n$/, '')),
      getOutHelpWidth: () => terminal.columns ?? 100,
      getErrHelpWidth: () => terminal.columns ?? 100,
    });
  for (const child of command.commands) settle(child, terminal);
}
