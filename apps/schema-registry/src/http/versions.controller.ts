import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { slice, zFlag, zText, zTexts } from '../wire/query.ts';
import { zSchemaRequest, zTagRequest } from '../wire/request-schemas.ts';
import { registeredView, schemaView, zRegistered, zSchema } from '../wire/schema-view.ts';
import { versionSelector } from '../wire/version-selector.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';
import { deletedFilter } from './subjects.controller.ts';

const params = z.object({ subject: z.string() });
const versionParams = z.object({
  subject: z.string(),
  version: z.string().meta({ description: 'A number from 1, or `latest`, or -1 for the same.' }),
});

const listVersions = confluent({
  summary: 'List the versions of a subject',
  role: 'viewer',
  params,
  query: z.object({ deleted: zFlag, deletedOnly: zFlag, deletedAsNegative: zFlag, ...slice }),
  response: z.array(z.int()),
});
const registerSchema = confluent({
  summary: 'Register a schema under a subject',
  description:
    'Answers the version that has the schema, which may have been registered before. ' +
    '40901: incompatible. 42201: no valid schema or reference. 42205: the mode does not permit it. 42208, 42209, 42210.',
  role: 'operator',
  params,
  query: z.object({ normalize: zFlag, format: zText, force: zFlag }),
  body: zSchemaRequest,
  response: zRegistered,
});
const readVersion = confluent({
  summary: 'Read a version of a subject',
  role: 'viewer',
  params: versionParams,
  query: z.object({ format: zText, referenceFormat: zText, deleted: zFlag, findTags: zTexts }),
  response: zSchema,
});
const readVersionText = confluent({
  summary: 'Read the text of the schema of a version',
  role: 'viewer',
  params: versionParams,
  query: z.object({ format: zText, deleted: zFlag }),
  response: z.string(),
});
const listReferencedBy = confluent({
  summary: 'List the ids of the schemas that reference a version',
  role: 'viewer',
  params: versionParams,
  query: z.object({ deleted: zFlag, ...slice }),
  response: z.array(z.int()),
});
const deleteVersion = confluent({
  summary: 'Delete a version',
  description: '40401, 40402, 40406, 40407, 40905, 42202, 42205, 42206.',
  role: 'operator',
  params: versionParams,
  query: z.object({ permanent: zFlag }),
  response: z.int(),
});
const changeTags = confluent({
  summary: 'Add or remove tags of a schema, which makes a new version',
  role: 'operator',
  params: versionParams,
  body: zTagRequest,
  response: zRegistered,
});

@Controller('subjects/:subject/versions')
export class VersionsController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get()
  @Endpoint(listVersions)
  listVersions(@Input() { params, query }: InputOf<typeof listVersions>) {
    const { deletedAsNegative, offset, limit } = query;
    const deleted = deletedFilter(query);
    return this.services.registry.listVersions(params.subject, { deleted, deletedAsNegative, offset, limit });
  }

  @Post()
  @Endpoint(registerSchema)
  async registerSchema(@Input() input: InputOf<typeof registerSchema>) {
    const { params, query, body } = input;
    const { normalize, format, force } = query;
    const options = { normalize, format, force };
    const registered = await this.services.registry.register(params.subject, body, options, authorOf(input));
    return registeredView(this.services.profile, registered);
  }

  @Get(':version')
  @Endpoint(readVersion)
  async readVersion(@Input() { params, query }: InputOf<typeof readVersion>) {
    const { format, referenceFormat, deleted, findTags } = query;
    const version = versionSelector(params.version);
    const wanted = { format, referenceFormat, deleted, findTags };
    return schemaView(this.services.profile, await this.services.registry.getVersion(params.subject, version, wanted));
  }

  @Get(':version/schema')
  @Endpoint(readVersionText)
  async readVersionText(@Input() { params, query }: InputOf<typeof readVersionText>) {
    const { format, deleted } = query;
    const version = versionSelector(params.version);
    const wanted = { format, referenceFormat: '', deleted, findTags: [] };
    return (await this.services.registry.getVersion(params.subject, version, wanted)).schema;
  }

  @Get(':version/referencedby')
  @Endpoint(listReferencedBy)
  listReferencedBy(@Input() { params, query }: InputOf<typeof listReferencedBy>) {
    const { deleted, offset, limit } = query;
    const version = versionSelector(params.version);
    return this.services.registry.listReferencedBy(params.subject, version, { deleted, offset, limit });
  }

  @Delete(':version')
  @Endpoint(deleteVersion)
  deleteVersion(@Input() input: InputOf<typeof deleteVersion>) {
    const { subject, version } = input.params;
    const { permanent } = input.query;
    return this.services.registry.deleteVersion(subject, versionSelector(version), { permanent }, authorOf(input));
  }

  @Post(':version/tags')
  @Endpoint(changeTags)
  async changeTags(@Input() input: InputOf<typeof changeTags>) {
    const { subject, version } = input.params;
    const { registry, profile } = this.services;
    const changed = await registry.changeTags(subject, versionSelector(version), input.body, authorOf(input));
    return registeredView(profile, changed);
  }
}
