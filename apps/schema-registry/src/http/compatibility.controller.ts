import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import type { CompatibilityVerdict } from '#libs/stores/schemas';
import { zFlag } from '../wire/query.ts';
import { zSchemaRequest } from '../wire/request-schemas.ts';
import { versionSelector } from '../wire/version-selector.ts';
import { confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const query = z.object({ normalize: zFlag, verbose: zFlag });
const zVerdict = z
  .strictObject({
    is_compatible: z.boolean(),
    messages: z.array(z.string()).optional().describe('Only with verbose=true, and only when there are any.'),
  })
  .meta({ id: 'CompatibilityCheckResponse' });

const checkVersion = confluent({
  summary: 'Check a schema against one version of a subject',
  description: '40402: no such version. 42201: no valid schema, unless verbose=true, which says so in its messages.',
  role: 'viewer',
  params: z.object({ subject: z.string(), version: z.string() }),
  query,
  body: zSchemaRequest,
  response: zVerdict,
});
const checkAll = confluent({
  summary: 'Check a schema against the versions of a subject that its level names',
  role: 'viewer',
  params: z.object({ subject: z.string() }),
  query,
  body: zSchemaRequest,
  response: zVerdict,
});

function verdictView({ compatible, messages }: CompatibilityVerdict, verbose: boolean): z.input<typeof zVerdict> {
  return { is_compatible: compatible, ...(verbose && messages.length > 0 && { messages: [...messages] }) };
}

@Controller('compatibility/subjects/:subject/versions')
export class CompatibilityController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Post(':version')
  @Endpoint(checkVersion)
  async checkVersion(@Input() { params, query, body }: InputOf<typeof checkVersion>) {
    const { normalize, verbose } = query;
    const version = versionSelector(params.version);
    const { registry } = this.services;
    return verdictView(
      await registry.checkCompatibility(params.subject, version, body, { normalize, verbose }),
      verbose,
    );
  }

  @Post()
  @Endpoint(checkAll)
  async checkAll(@Input() { params, query, body }: InputOf<typeof checkAll>) {
    const { normalize, verbose } = query;
    const { registry } = this.services;
    return verdictView(
      await registry.checkCompatibility(params.subject, undefined, body, { normalize, verbose }),
      verbose,
    );
  }
}
