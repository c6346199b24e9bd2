import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Compiles everything that runs in production into dist/, in the shape of the source tree. dist/.built is written last, so
// that tools/run-built.ts can tell whether a build is complete and newer than the sources.
const root = fileURLToPath(new URL('..', import.meta.url));
const startedAt = new Date();
rmSync(`${root}dist`, { recursive: true, force: true });
const result = spawnSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  {
    stdio: 'inherit',
  },
);
if (result.status === 0) {
  const command = `${root}dist/apps/cli/main.js`;
  if (existsSync(command)) chmodSync(command, 0o755);
  writeFileSync(`${root}dist/.built`, `${startedAt.toISOString()}\n`);
}
process.exitCode = result.status ?? 1;
