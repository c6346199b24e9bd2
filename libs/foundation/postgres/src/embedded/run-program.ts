import { spawn } from 'node:child_process';

/** As whom a program runs: `prefix` is put before the command, `uid` and `gid` are set for the process. */
export interface Privileges {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export interface ProgramResult {
  readonly ok: boolean;
  /** Standard output and error together; the last OUTPUT_MAX characters. */
  readonly output: string;
}

const OUTPUT_MAX = 16_384;

/** PG* variables of the user's shell would change what Postgres does; messages are read, so they have to be in English. */
export const PROGRAM_ENV: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** Runs a program to its end, at most `timeoutMs`. Never rejects: a program that cannot be run is one that failed. */
export function runProgram(as: Privileges, command: readonly string[], timeoutMs: number): Promise<ProgramResult> {
  const [file = '', ...args] = [...as.prefix, ...command];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      cwd: '/',
      env: PROGRAM_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      uid: as.uid,
      gid: as.gid,
    });
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `\nended by ${signal} (limit ${timeoutMs} ms)`;
      resolve({ ok: code === 0, output: output + ending });
    });
  });
}
