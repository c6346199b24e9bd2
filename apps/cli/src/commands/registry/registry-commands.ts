import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { registryCheckCommand } from './check.ts';
import { registryConfigCommand } from './config.ts';
import { registryExportCommand } from './export.ts';
import { registryGetCommand } from './get.ts';
import { registryImportCommand } from './import.ts';
import { registryModeCommand } from './mode.ts';
import { registryApplyCommand, registryPlanCommand } from './plan.ts';
import { registrySubjectsCommand } from './subjects.ts';
import { registryTypescriptCommand } from './typescript.ts';
import { registryVersionsCommand } from './versions.ts';

/** The commands of the `registry` family, the default one first. */
export function registryCommands(terminal: Terminal): Command[] {
  return [
    registrySubjectsCommand(terminal),
    registryVersionsCommand(terminal),
    registryGetCommand(terminal),
    registryCheckCommand(terminal),
    registryConfigCommand(terminal),
    registryModeCommand(terminal),
    registryTypescriptCommand(terminal),
    registryImportCommand(terminal),
    registryExportCommand(terminal),
    registryPlanCommand(terminal),
    registryApplyCommand(terminal),
  ];
}
