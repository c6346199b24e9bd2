import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { consumerMetrics } from '#libs/sdk';
import { memoryHarness } from '#libs/sdk/testing';
import { startTestRelay, type TestRelay } from './running-relay.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Nobody listens there. */
const CLUSTERS = { clusters: { away: { bootstrapServers: '127.0.0.1:1', canary: { intervalMs: 60_000 } } } };

interface Alert {
  readonly name: string;
  readonly expression: string;
  readonly runbook: string;
}

async function readAlerts(): Promise<Alert[]> {
  const text = await readFile(join(ROOT, 'deploy/prometheus/alerts.yml'), 'utf8');
  return text
    .split('- alert: ')
    .slice(1)
    .map((rule) => ({
      name: rule.split('\n', 1)[0]!,
      expression: /^ *expr: (.*)$/m.exec(rule)![1]!,
      runbook: /^ *runbook: (.*)$/m.exec(rule)![1]!,
    }));
}

/** As links to headings are made of them. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** Those of an application whose consumer has just begun. */
async function metricsOfConsumer(): Promise<string> {
  const registry = new Registry();
  const harness = memoryHarness({ topics: ['orders'] });
  const subscriptions = [{ topics: 'orders', handle: () => undefined }];
  await harness.createConsumer({ group: 'billing', subscriptions, observer: consumerMetrics(registry) }).start();
  const text = await registry.metrics();
  await harness.close();
  return text;
}

describe('alert rules', () => {
  let relay: TestRelay;
  let folder: string;
  let alerts: readonly Alert[];
  let metrics: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemark-alerts-'));
    await writeFile(join(folder, 'clusters.json'), JSON.stringify(CLUSTERS));
    relay = await startTestRelay({ TIDEMARK_CLUSTERS_FILE: join(folder, 'clusters.json') });
    await relay.get('/v1/nothing');
    metrics = (await (await relay.get('/metrics')).text()) + (await metricsOfConsumer());
    alerts = await readAlerts();
    expect(alerts.length).toBeGreaterThan(15);
  });
  afterAll(async () => {
    await relay?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('ask for metrics that a relay or a consumer has', () => {
    for (const { name, expression } of alerts) {
      const asked = expression.match(/tidemark_\w+/g) ?? [];
      expect(asked).not.toEqual([]);
      for (const metric of asked) {
        const found = metrics.includes(`# TYPE ${metric.replace(/_(count|sum|bucket)$/, '')} `);
        expect({ name, metric, found }).toEqual({ name, metric, found: true });
      }
    }
  });

  test('see the first event of what they count', () => {
    for (const { name, expression } of alerts) {
      for (const [, metric] of expression.matchAll(/(?:increase|rate)\((tidemark_\w+_total)/g)) {
        const found = new RegExp(`^${metric}(\\{.*\\})? 0$`, 'm').test(metrics);
        expect({ name, metric, startsAtZero: found }).toEqual({ name, metric, startsAtZero: true });
      }
    }
  });

  test('lead to a page, and to a heading of it where they name one', async () => {
    for (const { name, runbook } of alerts) {
      const [file, anchor] = runbook.split('#');
      const page = await readFile(join(ROOT, file!), 'utf8');
      const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
      expect({ name, anchors }).toEqual({
        name,
        anchors: anchor === undefined ? anchors : expect.arrayContaining([anchor]),
      });
    }
  });

  test.each(['clusters', 'consumers'])('have links between headings of the page on %s that exist', async (name) => {
    const page = await readFile(join(ROOT, `docs/runbooks/${name}.md`), 'utf8');
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
    for (const [, link] of page.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).toContain(link);
    for (const [, alert] of page.matchAll(/`(Tidemark\w+)`/g)) expect(alerts.map(({ name }) => name)).toContain(alert);
  });
});
