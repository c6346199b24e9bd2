import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '#libs/foundation/http';
import { VERSION } from '#libs/foundation/kernel';
import { confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const clusterId = confluent({
  summary: 'Name the registry',
  role: 'viewer',
  response: z.strictObject({
    id: z.string(),
    scope: z.strictObject({ path: z.array(z.string()), clusters: z.record(z.string(), z.string()) }),
  }),
});
const serverVersion = confluent({
  summary: 'Tell the version of the server',
  description: 'The version of Confluent’s API that is spoken; commitId names Tidemark and its version.',
  role: 'viewer',
  response: z.strictObject({ version: z.string(), commitId: z.string() }),
});
const deployment = confluent({
  summary: 'Tell how the server is deployed',
  role: 'viewer',
  response: z.strictObject({ attributes: z.array(z.string()) }),
});

/** The API that each profile speaks. Clients compare it with the versions that brought what they want to use. */
const API_VERSIONS = { 7: '7.9.0', 8: '8.3.0' } as const;

@Controller('v1/metadata')
export class MetadataController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get('id')
  @Endpoint(clusterId)
  clusterId() {
    return {
      id: '',
      scope: { path: [], clusters: { 'kafka-cluster': 'tidemark', 'schema-registry-cluster': 'tidemark' } },
    };
  }

  @Get('version')
  @Endpoint(serverVersion)
  serverVersion() {
    return { version: API_VERSIONS[this.services.profile], commitId: `tidemark-${VERSION}` };
  }

  @Get('deployment')
  @Endpoint(deployment)
  deployment() {
    return { attributes: ['deploymentScope:opensource'] };
  }
}
