import { TidemarkError } from '#libs/foundation/kernel';
import { Shutdown, systemSleep } from '../src/index.ts';

// A process for shutdown.unit.test.ts: it works until it is told to stop, then drains, fails or hangs.
const endings: Record<string, () => Promise<void>> = {
  drains: async () => void process.stdout.write('drained\n'),
  fails: () => Promise.reject(new TidemarkError('STOP_DEADLINE_EXCEEDED', 'stuck')),
  hangs: () => systemSleep(60_000),
};
const shutdown = new Shutdown();
const ending = endings[process.argv[2] ?? ''];
if (ending === undefined) throw new Error('name an ending');
shutdown.add('loop', ending);
shutdown.onSignals(['SIGTERM', 'SIGINT']);
process.stdout.write('ready\n');
await systemSleep(30_000);
