import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, type EndpointInput, Input, type InputOf } from '#libs/foundation/http';
import type { SchemaById } from '#libs/stores/schemas';
import { zFlag, zInt32, zText, zTextOrAbsent, zTexts } from '../wire/query.ts';
import { schemaStringView, zSchemaString } from '../wire/schema-view.ts';
import { confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const headers = z.object({ 'if-none-match': z.string().optional() });
const cached = 'Carries an ETag; a request with If-None-Match that names it is answered with 304.';
const id = z.object({ id: zInt32() });
const guid = z.object({ guid: z.string() });

const readById = confluent({
  summary: 'Read a schema by its id',
  description: `40403: no such schema. ${cached}`,
  role: 'viewer',
  params: id,
  query: z.object({
    subject: zTextOrAbsent,
    format: zText,
    referenceFormat: zText,
    findTags: zTexts,
    fetchMaxId: zFlag,
  }),
  headers,
  response: zSchemaString,
});
const readTextById = confluent({
  summary: 'Read the text of a schema by its id',
  description: cached,
  role: 'viewer',
  params: id,
  query: z.object({ subject: zTextOrAbsent, format: zText }),
  headers,
  response: z.string(),
});
const readByGuid = confluent({
  summary: 'Read a schema by its guid',
  description: cached,
  role: 'viewer',
  params: guid,
  query: z.object({ format: zText }),
  headers,
  response: zSchemaString,
});
const readTextByGuid = confluent({
  summary: 'Read the text of a schema by its guid',
  description: cached,
  role: 'viewer',
  params: guid,
  query: z.object({ format: zText }),
  headers,
  response: z.string(),
});

/** An answer, and how long it stays true. */
interface Read<T> {
  readonly body: T;
  /** As long as the schema exists. */
  readonly lasting: boolean;
  /** Until something is deleted. */
  readonly kept: boolean;
}

// A subject that was looked for in other contexts may appear in the first one any time, and what is deleted softly may be
// registered again: neither is told.
function howLong(
  found: SchemaById,
  subject: string | undefined,
): { readonly lasting: boolean; readonly kept: boolean } {
  const asAsked = subject === undefined || found.subject === subject;
  return { lasting: subject === undefined && !found.deleted, kept: asAsked && !found.deleted };
}

/** One schema by what identifies it. What is answered here is kept and given again without coming here. */
@Controller('schemas')
export class ImmutableReadsController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get('ids/:id')
  @Endpoint(readById)
  readById(@Input() input: InputOf<typeof readById>) {
    const { subject, format, referenceFormat, findTags, fetchMaxId } = input.query;
    const { registry, profile } = this.services;
    return this.#answer(input, '/schemas/ids/:id', async () => {
      const wanted = { subject, format, referenceFormat, findTags, fetchMaxId };
      const found = await registry.getById(input.params.id, wanted);
      const { lasting, kept } = howLong(found, subject);
      return { body: schemaStringView(profile, found), lasting: lasting && !fetchMaxId, kept: kept && !fetchMaxId };
    });
  }

  @Get('ids/:id/schema')
  @Endpoint(readTextById)
  readTextById(@Input() input: InputOf<typeof readTextById>) {
    const { subject, format } = input.query;
    return this.#answer(input, '/schemas/ids/:id/schema', async () => {
      const wanted = { subject, format, referenceFormat: '', findTags: [], fetchMaxId: false };
      const found = await this.services.registry.getById(input.params.id, wanted);
      return { body: found.schema, ...howLong(found, subject) };
    });
  }

  @Get('guids/:guid')
  @Endpoint(readByGuid)
  readByGuid(@Input() input: InputOf<typeof readByGuid>) {
    const { registry, profile } = this.services;
    return this.#answer(input, '/schemas/guids/:guid', async () => {
      const found = await registry.getByGuid(input.params.guid, { format: input.query.format });
      return { body: schemaStringView(profile, found), ...howLong(found, undefined) };
    });
  }

  @Get('guids/:guid/schema')
  @Endpoint(readTextByGuid)
  readTextByGuid(@Input() input: InputOf<typeof readTextByGuid>) {
    return this.#answer(input, '/schemas/guids/:guid/schema', async () => {
      const found = await this.services.registry.getByGuid(input.params.guid, { format: input.query.format });
      return { body: found.schema, ...howLong(found, undefined) };
    });
  }

  async #answer<T extends object | string>(
    input: EndpointInput<unknown, unknown, unknown, z.output<typeof headers>>,
    route: string,
    read: () => Promise<Read<T>>,
  ): Promise<T> {
    const { reads } = this.services;
    const since = reads.moment();
    const { body, lasting, kept } = await read();
    const answer = reads.finish(typeof body === 'string' ? body : JSON.stringify(body), lasting);
    if (kept) reads.keep(input.url, route, answer, since);
    for (const [name, value] of Object.entries(answer.headers)) input.respond.header(name, value);
    if (reads.matches(input.headers['if-none-match'], answer)) input.respond.status(304);
    return body;
  }
}
