import { Controller, Get, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '#libs/foundation/http';
import { confluent } from './confluent-endpoint.ts';

const root = { summary: 'Tell that the registry is there', role: 'public', response: z.strictObject({}) } as const;

/** What tools ask to see whether a registry answers; public, because it says nothing else. */
@Controller()
export class RootController {
  @Get()
  @Endpoint(confluent({ ...root, operationId: 'getRoot' }))
  get() {
    return {};
  }

  @Post()
  @Endpoint(confluent({ ...root, operationId: 'postRoot' }))
  post() {
    return {};
  }
}
