import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Runs a program of dist/, building first when the build is missing or older than the sources:
//   node tools/run-built.ts apps/standalone/src/main.js [its arguments]
// The program runs in this process, so that signals, the terminal and the exit code are its own.
const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['apps', 'libs', 'examples', 'migrations', 'tools', 'tsconfig.json', 'tsconfig.build.json'];

function builtAt(): number {
  const stamp = join(root, 'dist/.built');
  return existsSync(stamp) ? Date.parse(readFileSync(stamp, 'utf8').trim()) : 0;
}

function newerThan(path: string, time: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isDirectory()) return /\.(ts|json)$/.test(path) && found.mtimeMs > time;
  // A folder's time changes when something in it is removed or renamed.
  if (found.mtimeMs > time) return true;
  return readdirSync(path).some((name) => newerThan(join(path, name), time));
}

const [program, ...programArguments] = process.argv.slice(2);
if (program === undefined) throw new Error('name a program of dist/, such as apps/standalone/src/main.js');
const time = builtAt();
if (SOURCES.some((source) => newerThan(join(root, source), time))) {
  process.stderr.write('building ...\n');
  const build = spawnSync(process.execPath, ['--conditions=source', join(root, 'tools/build.ts')], {
    stdio: ['ignore', 2, 2],
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
const file = join(root, 'dist', program);
process.argv.splice(1, process.argv.length - 1, file, ...programArguments);
await import(pathToFileURL(file).href);
