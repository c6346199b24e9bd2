import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../../../apps/cli/src/run.ts';
import { RecordingTerminal } from '../../../apps/cli/test/recording-terminal.ts';

const PROGRAM = fileURLToPath(new URL('../../../apps/cli/main.ts', import.meta.url));

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, as `tidemark <args>` does in its own. */
export async function tidemark(
  env: Record<string, string>,
  args: readonly string[],
  answers: string[] = [],
): Promise<Answer> {
  const terminal = new RecordingTerminal(env, { answers });
  const code = await run(args, terminal);
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') };
}

/** Runs a shell line in which $TIDEMARK is the command, started from its sources. */
export function shell(env: Record<string, string>, line: string): Promise<Answer> {
  const child = spawn('bash', ['-c', line], {
    env: {
      PATH: process.env['PATH'] ?? '',
      TIDEMARK: `${process.execPath} --conditions=source ${PROGRAM}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: { out: string[]; err: string[] } = { out: [], err: [] };
  child.stdout.on('data', (data: Buffer) => pieces.out.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => pieces.err.push(data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out: pieces.out.join(''), err: pieces.err.join('') }));
  });
}
