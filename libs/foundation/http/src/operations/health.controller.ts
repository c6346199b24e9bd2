import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import type { HealthReport } from '#libs/foundation/observability';
import { Endpoint, endpoint } from '../endpoint.ts';
import type { InputOf } from '../endpoint-input.ts';
import { Input } from '../input.decorator.ts';
import { OPERATIONS_OPTIONS, type OperationsOptions } from './operations-options.ts';

const zHealthReport = z
  .strictObject({
    ok: z.boolean(),
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'HealthReport', description: 'The result of each check.' });

const live = endpoint({
  summary: 'Tell whether the process is alive',
  description: 'Answers 503 only when a restart of the process would help.',
  role: 'public',
  response: zHealthReport,
  responses: { 503: zHealthReport },
  tag: 'operations',
});

const ready = endpoint({
  summary: 'Tell whether the service takes requests',
  description: 'Answers 503 while a dependency is missing and while the service stops.',
  role: 'public',
  response: zHealthReport,
  responses: { 503: zHealthReport },
  tag: 'operations',
});

/** Public, because probes carry no credentials. The answers name checks and their state, nothing else. */
@Controller('health')
export class HealthController {
  readonly #health: OperationsOptions['health'];

  constructor(@Inject(OPERATIONS_OPTIONS) options: OperationsOptions) {
    this.#health = options.health;
  }

  @Get('live')
  @Endpoint(live)
  async live(@Input() input: InputOf<typeof live>): Promise<z.input<typeof zHealthReport>> {
    return answer(await this.#health.live(), input);
  }

  @Get('ready')
  @Endpoint(ready)
  async ready(@Input() input: InputOf<typeof ready>): Promise<z.input<typeof zHealthReport>> {
    return answer(await this.#health.ready(), input);
  }
}

function answer(report: HealthReport, input: InputOf<typeof live>): z.input<typeof zHealthReport> {
  if (!report.ok) input.respond.status(503);
  return { ok: report.ok, checks: report.checks.map(({ name, ok, detail }) => ({ name, ok, detail })) };
}
