import { systemSleep } from '#libs/foundation/lifecycle';
import { startEmbeddedPostgres } from '../src/index.ts';

// A process for embedded-postgres.db.test.ts: starts the server of a folder, says so, and stops it when told to.
const [dataDir = '', port = ''] = process.argv.slice(2);
const settings = { fsync: 'off', shared_buffers: '16MB' };
const server = await startEmbeddedPostgres({ dataDir, port: port === '' ? undefined : Number(port), settings });
process.on('SIGTERM', () => {
  void server.stop(10_000).then(() => process.exit(0));
});
process.stdout.write(`${JSON.stringify({ pid: server.pid, port: server.port, reused: server.reused })}\n`);
// Nothing else keeps a process alive that only uses the server of another one.
await systemSleep(60_000);
