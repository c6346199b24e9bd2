import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import type { DeletedFilter } from '#libs/stores/schemas';
import { slice, zFlag, zText, zTextOrAbsent, zTexts } from '../wire/query.ts';
import { zSchemaRequest } from '../wire/request-schemas.ts';
import { schemaView, zSchema } from '../wire/schema-view.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const ALL_CONTEXTS = ':*:';
const params = z.object({ subject: z.string() });

const listSubjects = confluent({
  summary: 'List subjects',
  description: 'Those of all contexts, unless `subjectPrefix` says otherwise.',
  role: 'viewer',
  query: z.object({ subjectPrefix: zTextOrAbsent, deleted: zFlag, deletedOnly: zFlag, ...slice }),
  response: z.array(z.string()),
});
const lookUpSchema = confluent({
  summary: 'Find the version of a subject that has this schema',
  description: '40401: no such subject. 40403: the subject has no such schema. 42201: no valid schema.',
  role: 'viewer',
  params,
  query: z.object({ normalize: zFlag, format: zText, deleted: zFlag }),
  body: zSchemaRequest,
  response: zSchema,
});
const deleteSubject = confluent({
  summary: 'Delete a subject',
  description: '40401, 40404, 40405, 40904, 42205, 42206.',
  role: 'operator',
  params,
  query: z.object({ permanent: zFlag }),
  response: z.array(z.int()),
});
const findByMetadata = confluent({
  summary: 'Read the latest version whose metadata has the given properties',
  role: 'viewer',
  params,
  query: z.object({ key: zTexts, value: zTexts, format: zText, deleted: zFlag }),
  response: zSchema,
});

/** `deletedOnly` wins over `deleted`. */
export function deletedFilter(query: { deleted: boolean; deletedOnly: boolean }): DeletedFilter {
  if (query.deletedOnly) return 'only';
  return query.deleted ? 'include' : 'exclude';
}

@Controller('subjects')
export class SubjectsController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(listSubjects)
  listSubjects(@Input() { query }: InputOf<typeof listSubjects>) {
    const { subjectPrefix: prefix = ALL_CONTEXTS, offset, limit } = query;
    return this.services.registry.listSubjects({ prefix, deleted: deletedFilter(query), offset, limit });
  }

  @Post(':subject')
  @Endpoint(lookUpSchema)
  async lookUpSchema(@Input() { params, query, body }: InputOf<typeof lookUpSchema>) {
    const { normalize, format, deleted } = query;
    const found = await this.services.registry.lookUp(params.subject, body, { normalize, format, deleted });
    return schemaView(this.services.profile, found);
  }

  @Delete(':subject')
  @Endpoint(deleteSubject)
  deleteSubject(@Input() input: InputOf<typeof deleteSubject>) {
    const { permanent } = input.query;
    return this.services.registry.deleteSubject(input.params.subject, { permanent }, authorOf(input));
  }

  @Get(':subject/metadata')
  @Endpoint(findByMetadata)
  async findByMetadata(@Input() { params, query }: InputOf<typeof findByMetadata>) {
    const { key, value, format, deleted } = query;
    const properties = Object.fromEntries(key.map((name, index) => [name, value[index] ?? '']));
    const found = await this.services.registry.getLatestWithMetadata(params.subject, properties, { format, deleted });
    return schemaView(this.services.profile, found);
  }
}
