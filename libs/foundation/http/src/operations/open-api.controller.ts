import { Controller, Get, Inject, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { buildOpenApi, type OpenApiDocument } from '../openapi/build-open-api.ts';
import { OPERATIONS_OPTIONS, type OperationsOptions } from './operations-options.ts';

/** Public: the document says how to ask, and nothing about what is stored. Built once, from all controllers. */
@Controller('openapi.json')
export class OpenApiController {
  readonly #options: OperationsOptions;
  readonly #discovery: DiscoveryService;
  #document: OpenApiDocument | undefined;

  constructor(
    @Inject(OPERATIONS_OPTIONS) options: OperationsOptions,
    @Inject(DiscoveryService) discovery: DiscoveryService,
  ) {
    this.#options = options;
    this.#discovery = discovery;
  }

  @Get()
  @Endpoint({ summary: 'Read this document', role: 'public', response: z.looseObject({}), tag: 'operations' })
  openApi(): Record<string, unknown> {
    this.#document ??= buildOpenApi(this.#controllers(), this.#options.info, this.#options.dialect);
    return { ...this.#document };
  }

  #controllers(): Type[] {
    return this.#discovery.getControllers().flatMap(({ metatype }) => (metatype === null ? [] : [metatype as Type]));
  }
}
