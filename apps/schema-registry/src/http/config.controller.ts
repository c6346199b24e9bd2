import { Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { configChange, configEcho, configView, zConfig, zConfigEcho } from '../wire/config-view.ts';
import { zFlag } from '../wire/query.ts';
import { zConfigRequest } from '../wire/request-schemas.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const params = z.object({ subject: z.string() });
const query = z.object({ defaultToGlobal: zFlag });

const readGlobalConfig = confluent({ summary: 'Read the global config', role: 'viewer', query, response: zConfig });
const readConfig = confluent({
  summary: 'Read the config of a subject',
  description: '40408: the subject has none of its own, and defaultToGlobal is not true.',
  role: 'viewer',
  params,
  query,
  response: zConfig,
});
const writeGlobalConfig = confluent({
  summary: 'Change the global config',
  description: 'What is absent stays, null clears. 42203: no such level. 42210: no valid rules.',
  role: 'operator',
  body: zConfigRequest,
  response: zConfigEcho,
});
const writeConfig = confluent({
  summary: 'Change the config of a subject',
  description:
    'What is absent stays, null clears. 42203: no such level. 42208: no valid subject. 42210: no valid rules.',
  role: 'operator',
  params,
  body: zConfigRequest,
  response: zConfigEcho,
});
const deleteGlobalConfig = confluent({
  summary: 'Delete the global config, so that the default of the server applies',
  role: 'operator',
  response: zConfig,
});
const deleteConfig = confluent({
  summary: 'Delete the config of a subject',
  description: '40401: the subject has none.',
  role: 'operator',
  params,
  response: zConfig,
});

@Controller('config')
export class ConfigController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(readGlobalConfig)
  async readGlobalConfig(@Input() { query: { defaultToGlobal } }: InputOf<typeof readGlobalConfig>) {
    return configView(await this.services.registry.getConfig(undefined, { defaultToGlobal }));
  }

  @Get(':subject')
  @Endpoint(readConfig)
  async readConfig(@Input() { params, query: { defaultToGlobal } }: InputOf<typeof readConfig>) {
    return configView(await this.services.registry.getConfig(params.subject, { defaultToGlobal }));
  }

  @Put()
  @Endpoint(writeGlobalConfig)
  async writeGlobalConfig(@Input() input: InputOf<typeof writeGlobalConfig>) {
    await this.services.registry.putConfig(undefined, configChange(input.body), authorOf(input));
    return configEcho(input.body);
  }

  @Put(':subject')
  @Endpoint(writeConfig)
  async writeConfig(@Input() input: InputOf<typeof writeConfig>) {
    await this.services.registry.putConfig(input.params.subject, configChange(input.body), authorOf(input));
    return configEcho(input.body);
  }

  @Delete()
  @Endpoint(deleteGlobalConfig)
  async deleteGlobalConfig(@Input() input: InputOf<typeof deleteGlobalConfig>) {
    return configView(await this.services.registry.deleteConfig(undefined, authorOf(input)));
  }

  @Delete(':subject')
  @Endpoint(deleteConfig)
  async deleteConfig(@Input() input: InputOf<typeof deleteConfig>) {
    return configView(await this.services.registry.deleteConfig(input.params.subject, authorOf(input)));
  }
}
