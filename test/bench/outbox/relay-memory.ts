import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../finding.ts';
import type { Measurement } from '../measurement.ts';
import { percentile, slope } from '../statistics.ts';
import { fillMixedSizes } from './fill-mixed-sizes.ts';
import type { MemorySample } from './relay-memory.child.ts';

const CHILD = fileURLToPath(new URL('relay-memory.child.ts', import.meta.url));
/** The relay's memory counts as flat when the last quarter of a run needs at most this much of what the second did. */
const GROWTH_MAX = 1.15;
const MB = 1e6;

/** Memory of a relay over a backlog of messages of very different sizes: sequencing them all, and reading them all. */
export const relayMemory: Measurement = {
  name: 'memory',
  run: async (bench, found) => {
    const messages = bench.options.memoryMessages;
    const database = await bench.server.createDatabase();
    const db = database.pool(1);
    await db.query(`select outbox.create_topic('mixed')`);
    await fillMixedSizes(db, 'mixed', messages, bench.progress);
    const startedAt = performance.now();
    const child = fork(CHILD, [database.url, 'mixed'], { execArgv: ['--conditions=source'] });
    const samples = await samplesUntil(child, messages, bench.progress);
    const seconds = (performance.now() - startedAt) / 1000;
    const ended = once(child, 'exit');
    child.send('stop');
    await ended;
    found(judge(messages, seconds, samples));
    await database.drop();
  },
};

async function samplesUntil(
  child: ChildProcess,
  messages: number,
  progress: (line: string) => void,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the relay ended by itself, with exit code ${code}`)));
    child.on('message', (sample: MemorySample) => {
      samples.push(sample);
      if (samples.length % 100 === 0) progress(`  ${sample.seen} read, RSS ${Math.round(sample.rssBytes / MB)} MB`);
      if (sample.seen < messages) return;
      child.removeAllListeners('exit');
      child.removeAllListeners('message');
      resolve(samples);
    });
  });
}

function judge(messages: number, seconds: number, samples: readonly MemorySample[]): Finding {
  const quarter = (index: number): number[] =>
    samples
      .filter((sample) => Math.min(3, Math.floor((4 * sample.seen) / messages)) === index)
      .map((sample) => sample.rssBytes / MB);
  const peaks = [0, 1, 2, 3].map((index) => percentile(quarter(index), 0.95));
  const warm = samples.filter((sample) => sample.seen >= messages / 4);
  const perMillion = slope(warm.map((sample) => [sample.seen / 1e6, sample.rssBytes / MB]));
  const max = Math.max(...samples.map((sample) => sample.rssBytes / MB));
  const bytes = samples.at(-1)!.payloadBytes;
  return {
    row: 'M',
    what: `relay memory, backlog of ${messages.toLocaleString('en')} messages, 100 B to 900 kB, ${(bytes / 1e9).toFixed(1)} GB`,
    measured: `max RSS ${Math.round(max)} MB, slope ${perMillion.toFixed(1)} MB per million messages`,
    floor: '',
    target: `last quarter <= ${GROWTH_MAX} x second`,
    met: peaks[3]! <= GROWTH_MAX * peaks[1]!,
    details: {
      messages,
      payloadBytes: bytes,
      seconds,
      rssMbPeakPerQuarter: peaks,
      maxMb: max,
      slopeMbPerMillion: perMillion,
    },
  };
}
