import { Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, type EndpointInput, Input, type InputOf } from '#libs/foundation/http';
import { zFlag } from '../wire/query.ts';
import { zModeRequest } from '../wire/request-schemas.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const params = z.object({ subject: z.string() });
const reading = z.object({ defaultToGlobal: zFlag });
const writing = z.object({ force: zFlag });
const deleting = z.object({ recursive: zFlag });
const zMode = z.strictObject({ mode: z.string().optional() }).meta({ id: 'Mode' });

const readGlobalMode = confluent({
  summary: 'Read the global mode',
  role: 'viewer',
  query: reading,
  response: zMode,
});
const readMode = confluent({
  summary: 'Read the mode of a subject',
  description: '40409: the subject has none of its own, and defaultToGlobal is not true.',
  role: 'viewer',
  params,
  query: reading,
  response: zMode,
});
const writeGlobalMode = confluent({
  summary: 'Change the global mode',
  description: 'READWRITE, READONLY, READONLY_OVERRIDE, IMPORT or FORWARD. 42204: none of them. 42205: not permitted.',
  role: 'operator',
  query: writing,
  body: zModeRequest,
  response: zMode,
});
const writeMode = confluent({
  summary: 'Change the mode of a subject',
  description: '42204: no such mode. 42205: not permitted.',
  role: 'operator',
  params,
  query: writing,
  body: zModeRequest,
  response: zMode,
});
const deleteGlobalMode = confluent({
  summary: 'Delete the global mode, so that READWRITE applies',
  role: 'operator',
  query: deleting,
  response: zMode,
});
const deleteMode = confluent({
  summary: 'Delete the mode of a subject',
  description: '40401: the subject has none.',
  role: 'operator',
  params,
  query: deleting,
  response: zMode,
});

@Controller('mode')
export class ModeController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(readGlobalMode)
  async readGlobalMode(@Input() { query: { defaultToGlobal } }: InputOf<typeof readGlobalMode>) {
    return { mode: await this.services.registry.getMode(undefined, { defaultToGlobal }) };
  }

  @Get(':subject')
  @Endpoint(readMode)
  async readMode(@Input() { params, query: { defaultToGlobal } }: InputOf<typeof readMode>) {
    return { mode: await this.services.registry.getMode(params.subject, { defaultToGlobal }) };
  }

  @Put()
  @Endpoint(writeGlobalMode)
  writeGlobalMode(@Input() input: InputOf<typeof writeGlobalMode>) {
    return this.#write(undefined, input);
  }

  @Put(':subject')
  @Endpoint(writeMode)
  writeMode(@Input() input: InputOf<typeof writeMode>) {
    return this.#write(input.params.subject, input);
  }

  @Delete()
  @Endpoint(deleteGlobalMode)
  async deleteGlobalMode(@Input() input: InputOf<typeof deleteGlobalMode>) {
    const { recursive } = input.query;
    return { mode: await this.services.registry.deleteMode(undefined, { recursive }, authorOf(input)) };
  }

  @Delete(':subject')
  @Endpoint(deleteMode)
  async deleteMode(@Input() input: InputOf<typeof deleteMode>) {
    const { recursive } = input.query;
    return { mode: await this.services.registry.deleteMode(input.params.subject, { recursive }, authorOf(input)) };
  }

  /** The answer repeats the request, as clients know it. */
  async #write(
    subject: string | undefined,
    input: EndpointInput<unknown, z.output<typeof writing>, z.output<typeof zModeRequest>>,
  ) {
    const mode = input.body.mode ?? '';
    await this.services.registry.putMode(subject, mode, { force: input.query.force }, authorOf(input));
    return { mode };
  }
}
