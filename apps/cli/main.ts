#!/usr/bin/env node
import { processTerminal } from './src/process-terminal.ts';
import { run } from './src/run.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal());
