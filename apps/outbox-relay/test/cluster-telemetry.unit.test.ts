import { expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { createLogger, createMetrics } from '#libs/foundation/observability';
import { clusterTelemetry } from '../src/clusters/cluster-telemetry.ts';

const MINUTE_MS = 60_000;

test('a failure that repeats is told once a minute, with how often it was not, and counted each time', async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', write: (line) => lines.push(line) });
  const metrics = createMetrics({ processMetrics: false });
  let now = 0;
  const observer = clusterTelemetry('main', logger, metrics, () => now);
  const told = (): unknown[] =>
    lines.splice(0).map((line) => {
      const { loop, suppressed, level } = JSON.parse(line) as Record<string, unknown>;
      return [level, loop, suppressed];
    });
  const away = (loop: string): void =>
    observer.failed(loop, new TidemarkError('KAFKA_UNREACHABLE', `no answer at ${now} ms`));
  for (; now < MINUTE_MS; now += 500) away('topics');
  expect(told()).toEqual([['warn', 'topics', undefined]]);
  away('topics');
  expect(told()).toEqual([['warn', 'topics', MINUTE_MS / 500 - 1]]);
  // Another loop, and another failure of the same one, are news.
  away('lead');
  observer.failed('topics', new TidemarkError('LEASE_LOST', 'another publisher'));
  observer.failed('topics', new TypeError('a defect'));
  away('topics');
  expect(told()).toEqual([
    ['warn', 'lead', undefined],
    ['warn', 'topics', undefined],
    ['warn', 'topics', undefined],
  ]);
  // When it comes back long after, what was not told is told then.
  now += 10 * MINUTE_MS;
  away('topics');
  expect(told()).toEqual([['warn', 'topics', 1]]);
  const failures = MINUTE_MS / 500 + 1 + 5;
  expect((await metrics.render()).body).toContain(
    `tidemark_cluster_publisher_failures_total{cluster="main"} ${failures}`,
  );
});

test('lines about a partition name it, and say nothing of how it began', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', write: (line) => lines.push(line) });
  const observer = clusterTelemetry('main', logger, createMetrics({ processMetrics: false }));
  const lane = { topic: 'orders', partition: 2, acked: 0n, map: { segments: [] } };
  observer.batchFailed(lane, 'NO_ANSWER');
  observer.located(lane, 'truncated', 7n);
  observer.segmentOpened(lane, { fromOffset: 7n, delta: 1n, sequenceDelta: 0n, reason: 'foreign' });
  observer.quarantined(lane, 10);
  observer.blocked(lane, 'no leader');
  observer.stopped(lane, 'ahead', 'too many records');
  observer.placeholderMade(lane, 7n);
  expect(lines).toHaveLength(7);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ topic: 'orders', partition: 2 });
    expect(line).not.toMatch(/"acked"|"map"/);
  }
});
