import { expect, test } from '@jest/globals';
import { createMetrics } from '../src/index.ts';

test('metrics are prefixed, labelled and rendered from a registry of their own', async () => {
  const metrics = createMetrics({ processMetrics: false });
  metrics.counter({ name: 'messages_total', help: 'Messages.', labels: ['topic'] }).inc({ topic: 'orders' }, 2);
  metrics.gauge({ name: 'lag', help: 'Lag.', collect: (gauge) => gauge.set(7) });
  metrics.histogram({ name: 'step_seconds', help: 'Step.', buckets: [1, 2] }).observe(1.5);
  const { body, contentType } = await metrics.render();
  expect(contentType).toContain('text/plain');
  expect(body).toContain('tidemark_messages_total{topic="orders"} 2');
  expect(body).toContain('tidemark_lag 7');
  expect(body).toContain('tidemark_step_seconds_bucket{le="2"} 1');
  expect((await createMetrics({ processMetrics: false }).render()).body.trim()).toBe('');
});

test('asking twice gives the same metric; another kind under the name is refused', () => {
  const metrics = createMetrics({ processMetrics: false });
  const first = metrics.counter({ name: 'x_total', help: 'X.' });
  expect(metrics.counter({ name: 'x_total', help: 'X.' })).toBe(first);
  expect(() => metrics.gauge({ name: 'x_total', help: 'X.' })).toThrow('another kind');
});

test('the metrics of the process are there unless turned off', async () => {
  expect((await createMetrics().render()).body).toContain('process_resident_memory_bytes');
});
