import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shutdown } from '#libs/foundation/lifecycle';
import { DEMO_HELP, type DemoOptions, parseDemoOptions } from './demo-options.ts';
import { startDemoServices } from './demo-services.ts';
import { nextSteps } from './next-steps.ts';
import { checkLines, outcomeLines } from './print-outcome.ts';
import { runDemo } from './run-demo.ts';
import { createScreen, type Screen } from './screen.ts';

// The demo: everything started, used, broken and checked. Run it through npm run demo, which compiles it first.
const STOP_MS = 20_000;
const RELAY_DOWN_MS = 2_000;
const SHIPPING_KILLS_MAX = 5;
const ORDERS_PER_KILL = 400;

async function demo(options: DemoOptions, screen: Screen, shutdown: Shutdown): Promise<void> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-demo-'));
  shutdown.add('temporary folder', () => rm(folder, { recursive: true, force: true }));
  screen.say(`Tidemark demo, seed ${options.seed}\n`);
  const databaseUrl = process.env['DATABASE_URL'] || undefined;
  const services = await startDemoServices({
    databaseUrl,
    seed: options.seed,
    folder,
    environment: process.env,
    screen,
    shutdown,
  });

  const interrupted = new AbortController();
  screen.say(
    `\n${options.workers} customers at a time order over HTTP; each request is one transaction with its events`,
  );
  const shippingKills = Math.min(SHIPPING_KILLS_MAX, Math.ceil(options.orders / ORDERS_PER_KILL));
  const plan = { ...options, relayDownMs: RELAY_DOWN_MS, shippingKills };
  const running = runDemo({ ...services, screen }, plan, interrupted.signal);
  shutdown.add('customers', async () => {
    interrupted.abort();
    // Its failure is reported where it is awaited.
    await running.catch(() => undefined);
  });
  const outcome = await running;
  if (outcome === undefined) return shutdown.recordFailure('demo', 'interrupted before its checks');

  for (const line of outcomeLines(outcome)) screen.say(line);
  screen.say('\nChecks');
  for (const line of checkLines(outcome.checks, screen)) screen.say(line);
  const failed = outcome.checks.filter((check) => !check.passed).length;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  screen.say(
    failed === 0
      ? `\n${screen.good(`All ${outcome.checks.length} checks passed`)} after ${seconds} s.`
      : `\n${screen.bad(`${failed} of ${outcome.checks.length} checks failed`)} after ${seconds} s. Seed ${options.seed} makes the same wishes again.`,
  );
  if (failed > 0) shutdown.recordFailure('demo', `${failed} checks failed`);
  if (options.exit) return;
  screen.say('\nEverything stays up until Ctrl-C. Try:');
  for (const line of nextSteps(services)) screen.say(line);
}

async function main(): Promise<void> {
  const request = parseDemoOptions(process.argv.slice(2), Math.trunc(Math.random() * 2 ** 31));
  if (request.kind === 'help') return void process.stdout.write(DEMO_HELP);
  if (request.kind === 'invalid') {
    process.stderr.write(`${request.problem}\n\n${DEMO_HELP}`);
    process.exitCode = 2;
    return;
  }
  const isTerminal = process.stdout.isTTY;
  const screen = createScreen({
    write: (text) => void process.stdout.write(text),
    isTerminal,
    colours: isTerminal && process.env['NO_COLOR'] === undefined,
    columns: process.stdout.columns ?? 120,
    now: () => performance.now(),
  });
  const shutdown = new Shutdown({ deadlineMs: STOP_MS, print: (line) => screen.say(line) });
  shutdown.onSignals(['SIGINT', 'SIGTERM']);
  try {
    await demo(request.options, screen, shutdown);
    if (request.options.exit) await shutdown.exit();
  } catch (error) {
    shutdown.recordFailure('demo', error);
    screen.say(`\n${screen.bad('The demo could not be carried out')}; stopping what was started.`);
    await shutdown.exit();
  }
}

await main();
