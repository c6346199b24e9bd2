import { Database } from '#libs/foundation/postgres';
import { startRelayAndTail } from './relay-and-tail.ts';

/*
 * The process whose memory is measured: a sequencer and a reader of everything, as the relay has them. Tells its parent
 * every 100 ms how far it is; ends when told to.
 */
export interface MemorySample {
  readonly seen: number;
  readonly payloadBytes: number;
  readonly rssBytes: number;
}

const [url, topic] = process.argv.slice(2);
const pools: Database[] = [];
const pool = (poolMax: number): Database => {
  const opened = new Database({ url: url!, poolMax, applicationName: 'tidemark bench relay' });
  pools.push(opened);
  return opened;
};
let payloadBytes = 0;
const relay = await startRelayAndTail({ pool }, topic!, (records) => {
  for (const record of records) payloadBytes += record.value?.length ?? 0;
});
const telling = setInterval(() => {
  const sample: MemorySample = { seen: relay.seen(), payloadBytes, rssBytes: process.memoryUsage.rss() };
  process.send!(sample);
}, 100);
process.once('message', () => {
  clearInterval(telling);
  void relay
    .stop()
    .then(() => Promise.all(pools.map((opened) => opened.close())))
    .then(() => process.disconnect());
});
