import { Controller, Delete, Get, Inject, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { type Association, type AssociationOp, RegistryError } from '#libs/stores/schemas';
import { zAssociationRequest } from '../wire/association-schemas.ts';
import { associationResponse, associationView, zAssociation, zAssociationResponse } from '../wire/association-view.ts';
import { slice, zFlag, zText, zTexts } from '../wire/query.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const TOPIC = 'topic';
const filters = { resourceType: zText, associationType: zTexts, lifecycle: zText, ...slice };
const query = z.object(filters);
const listed = { role: 'viewer', query, response: z.array(zAssociation) } as const;
const changing = z.object({ context: zText, dryRun: zFlag });

const listOfSubject = confluent({
  ...listed,
  summary: 'List the associations of a subject',
  params: z.object({ subject: z.string() }),
});
const listOfName = confluent({
  ...listed,
  summary: 'List the associations of a resource by its name',
  description: 'Clients ask this before the first message of a topic. The namespace `-` stands for all.',
  params: z.object({ resourceNamespace: z.string(), resourceName: z.string() }),
});
const listOfResource = confluent({
  ...listed,
  summary: 'List the associations of a resource by its id',
  params: z.object({ resourceId: z.string() }),
});
const createAssociation = confluent({
  summary: 'Associate a resource with subjects',
  description: '40902 to 40908: in conflict with what is there. 42212: an invalid request.',
  role: 'operator',
  query: changing,
  body: zAssociationRequest,
  response: zAssociationResponse,
});
const upsertAssociation = confluent({
  summary: 'Associate a resource with subjects, or change its associations',
  description: '40902 to 40908: in conflict with what is there. 42212: an invalid request.',
  role: 'operator',
  params: z.object({ resourceId: z.string() }),
  query: changing,
  body: zAssociationRequest,
  response: zAssociationResponse,
});
const deleteAssociations = confluent({
  summary: 'Delete associations of a resource',
  description: '40410: there are none. 40908: frozen, and cascadeLifecycle is not true.',
  role: 'operator',
  params: z.object({ resourceId: z.string() }),
  query: z.object({ resourceType: zText, associationType: zTexts, cascadeLifecycle: zFlag, dryRun: zFlag }),
});

type Query = z.output<typeof query>;

const filterOf = ({ resourceType, associationType, lifecycle }: Query) => ({
  resourceType: resourceType || TOPIC,
  associationTypes: associationType,
  lifecycle,
});

function page(found: readonly Association[], { offset, limit }: Query) {
  const end = limit > 0 ? offset + limit : undefined;
  return found.slice(offset, end).map(associationView);
}

type Ops = z.output<typeof zAssociationRequest>['associations'];
const withOp = (op: AssociationOp['op'], ops: Ops): AssociationOp[] => (ops ?? []).map((each) => ({ op, ...each }));

/** Which topics use which subjects. */
@Controller('associations')
export class AssociationsController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Get('subjects/:subject')
  @Endpoint(listOfSubject)
  async listOfSubject(@Input() { params, query }: InputOf<typeof listOfSubject>) {
    return page(await this.services.associations.listBySubject(params.subject, filterOf(query)), query);
  }

  @Get('resources/:resourceNamespace/:resourceName')
  @Endpoint(listOfName)
  async listOfName(@Input() { params, query }: InputOf<typeof listOfName>) {
    const { resourceNamespace, resourceName } = params;
    const found = await this.services.associations.listByName(resourceNamespace, resourceName, filterOf(query));
    return page(found, query);
  }

  @Get('resources/:resourceId')
  @Endpoint(listOfResource)
  async listOfResource(@Input() { params, query }: InputOf<typeof listOfResource>) {
    return page(await this.services.associations.listByResource(params.resourceId, filterOf(query)), query);
  }

  @Post()
  @Endpoint(createAssociation)
  async createAssociation(@Input() input: InputOf<typeof createAssociation>) {
    const { body, query } = input;
    const { associations, profile } = this.services;
    const request = { ...body, associations: withOp('CREATE', body.associations) };
    return associationResponse(profile, await associations.change(request, query, authorOf(input)));
  }

  @Put('resources/:resourceId')
  @Endpoint(upsertAssociation)
  async upsertAssociation(@Input() input: InputOf<typeof upsertAssociation>) {
    const { body, query, params } = input;
    const { resourceId } = params;
    if ((body.resourceId ?? resourceId) !== resourceId) {
      const said = `'${body.resourceId}' in the body is not '${resourceId}' in the path`;
      throw new RegistryError(42212, `The association specified an invalid value for property 'resourceId': ${said}`);
    }
    const { associations, profile } = this.services;
    const request = { ...body, resourceId, associations: withOp('UPSERT', body.associations) };
    return associationResponse(profile, await associations.change(request, query, authorOf(input)));
  }

  @Delete('resources/:resourceId')
  @Endpoint(deleteAssociations)
  async deleteAssociations(@Input() input: InputOf<typeof deleteAssociations>): Promise<void> {
    const { resourceType, associationType, cascadeLifecycle: cascade, dryRun } = input.query;
    const options = { resourceType: resourceType || TOPIC, associationTypes: associationType, cascade, dryRun };
    await this.services.associations.remove(input.params.resourceId, options, authorOf(input));
  }
}
