import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Runs jest with what the tests need. Arguments go to jest: npm test -- libs/movers/sequencer
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const result = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env },
  },
);
process.exitCode = result.status ?? 1;
