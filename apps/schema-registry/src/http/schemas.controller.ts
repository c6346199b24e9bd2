import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { SCHEMA_TYPES } from '#libs/formats/schema';
import { slice, zFlag, zInt32, zText, zTexts } from '../wire/query.ts';
import { extendedSchemaView, zExtendedSchema } from '../wire/schema-view.ts';
import { confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

/** Confluent's own limit, and its default. */
const LISTED_MAX = 1_000;

const listSchemas = confluent({
  summary: 'List schemas',
  description:
    `Sorted by subject and version, at most ${LISTED_MAX} at a time. resourceType, associationType and lifecycle choose which ` +
    'associations are shown with a schema, not which schemas are.',
  role: 'viewer',
  query: z.object({
    subjectPrefix: zText,
    aliases: zFlag,
    deleted: zFlag,
    latestOnly: zFlag,
    ruleType: zText,
    resourceType: zText,
    associationType: zTexts,
    lifecycle: zTexts,
    ...slice,
  }),
  response: z.array(zExtendedSchema),
});
const listTypes = confluent({
  summary: 'List the types of schemas',
  role: 'viewer',
  response: z.array(z.enum(SCHEMA_TYPES)),
});
const listSubjectsOfId = confluent({
  summary: 'List the subjects that have a schema',
  role: 'viewer',
  params: z.object({ id: zInt32() }),
  query: z.object({ subject: zText, deleted: zFlag, ...slice }),
  response: z.array(z.string()),
});
const listVersionsOfId = confluent({
  summary: 'List the versions that have a schema',
  role: 'viewer',
  params: z.object({ id: zInt32() }),
  query: z.object({ subject: zText, deleted: zFlag, ...slice }),
  response: z.array(z.strictObject({ subject: z.string(), version: z.int() })),
});
const listIdsOfGuid = confluent({
  summary: 'List the ids that a schema has in the contexts',
  role: 'viewer',
  params: z.object({ guid: z.string() }),
  response: z.array(z.strictObject({ context: z.string(), id: z.int() })),
});

/** Listings of schemas. The reads of one schema by its id or guid are in the controller of immutable reads. */
@Controller('schemas')
export class SchemasController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(listSchemas)
  async listSchemas(@Input() { query }: InputOf<typeof listSchemas>) {
    const { registry, profile } = this.services;
    const listed = await registry.listSchemas({
      prefix: query.subjectPrefix,
      deleted: query.deleted,
      latestOnly: query.latestOnly,
      aliases: query.aliases,
      ruleType: query.ruleType,
      resourceType: query.resourceType,
      associationTypes: query.associationType,
      lifecycles: query.lifecycle,
      offset: query.offset,
      limit: query.limit > 0 && query.limit <= LISTED_MAX ? query.limit : LISTED_MAX,
    });
    return listed.map((schema) => extendedSchemaView(profile, schema));
  }

  @Get('types')
  @Endpoint(listTypes)
  listTypes() {
    return [...SCHEMA_TYPES];
  }

  @Get('ids/:id/subjects')
  @Endpoint(listSubjectsOfId)
  listSubjectsOfId(@Input() { params, query }: InputOf<typeof listSubjectsOfId>) {
    const { subject, deleted, offset, limit } = query;
    return this.services.registry.listSubjectsOfId(params.id, { subject, deleted, offset, limit });
  }

  @Get('ids/:id/versions')
  @Endpoint(listVersionsOfId)
  listVersionsOfId(@Input() { params, query }: InputOf<typeof listVersionsOfId>) {
    const { subject, deleted, offset, limit } = query;
    return this.services.registry.listVersionsOfId(params.id, { subject, deleted, offset, limit });
  }

  @Get('guids/:guid/ids')
  @Endpoint(listIdsOfGuid)
  listIdsOfGuid(@Input() { params }: InputOf<typeof listIdsOfGuid>) {
    return this.services.registry.listIdsOfGuid(params.guid);
  }
}
