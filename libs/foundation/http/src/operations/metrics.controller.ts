import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { OPERATIONS_OPTIONS, type OperationsOptions } from './operations-options.ts';

/** Public, as scrapers expect: metrics carry counts and names of topics, never keys or payloads. */
@Controller('metrics')
export class MetricsController {
  readonly #metrics: OperationsOptions['metrics'];

  constructor(@Inject(OPERATIONS_OPTIONS) options: OperationsOptions) {
    this.#metrics = options.metrics;
  }

  @Get()
  @Endpoint({
    summary: 'Read the metrics in the text format of Prometheus',
    role: 'public',
    response: z.string(),
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
    tag: 'operations',
  })
  async metrics(): Promise<string> {
    return (await this.#metrics.render()).body;
  }
}
