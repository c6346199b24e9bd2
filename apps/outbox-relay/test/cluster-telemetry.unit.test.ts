import { expect, test } from '@jest/globals';
import { createLogger, createMetrics } from '#libs/foundation/observability';
import { clusterTelemetry } from '../src/clusters/cluster-telemetry.ts';

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
