import { Controller, Delete, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { RegistryError } from '#libs/stores/schemas';
import { contextPrefix } from '../wire/context-path.ts';
import { slice, zText } from '../wire/query.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const listContexts = confluent({
  summary: 'List the contexts that have subjects',
  role: 'viewer',
  query: z.object({ contextPrefix: zText, ...slice }),
  response: z.array(z.string()),
});
const deleteContext = confluent({
  summary: 'Delete an empty context',
  description: '42211: the context has subjects.',
  role: 'operator',
  params: z.object({ context: z.string() }),
});

/** The name of a context as listings show it: `.a` for `a`, `.a` and `:.a:`. Throws RegistryError 400. */
function contextName(text: string): string {
  const prefix = contextPrefix(text);
  if (prefix === undefined) throw new RegistryError(400, `Context name cannot contain a colon: ${text}`);
  return prefix === '' ? '.' : prefix.slice(1, -1);
}

@Controller('contexts')
export class ContextsController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(listContexts)
  listContexts(@Input() { query }: InputOf<typeof listContexts>) {
    const { contextPrefix: prefix, offset, limit } = query;
    return this.services.registry.listContexts({ prefix, offset, limit });
  }

  @Delete(':context')
  @Endpoint(deleteContext)
  deleteContext(@Input() input: InputOf<typeof deleteContext>): Promise<void> {
    return this.services.registry.deleteContext(contextName(input.params.context), authorOf(input));
  }
}
