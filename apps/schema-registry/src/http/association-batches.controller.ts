import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, type ErrorAnswer, Input, type InputOf, knownErrorOf } from '#libs/foundation/http';
import { type Association, type ChangedAssociation, type ChangedResource, RegistryError } from '#libs/stores/schemas';
import { zBatchGetRequest, zBatchMutateRequest } from '../wire/association-schemas.ts';
import { associationResponse, zBatchResponse } from '../wire/association-view.ts';
import { confluentAnswer, registryAnswer } from '../wire/confluent-error.ts';
import { zFlag, zText } from '../wire/query.ts';
import { authorOf, confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

/** Each request of a batch may take a transaction. */
const REQUESTS_MAX = 1_000;

const batch = { status: 207, response: zBatchResponse } as const;
const batchGet = confluent({
  ...batch,
  summary: 'Read the associations of many resources',
  role: 'viewer',
  query: z.object({ includeSchemas: zFlag }),
  body: zBatchGetRequest,
});
const batchMutate = confluent({
  ...batch,
  summary: 'Change the associations of many resources, each by itself',
  role: 'operator',
  query: z.object({ context: zText, dryRun: zFlag }),
  body: zBatchMutateRequest,
});

type BatchAnswer = z.input<typeof zBatchResponse>;
type GetRequest = NonNullable<z.output<typeof zBatchGetRequest>['requests']>[number];

function requireRequests<T>(requests: readonly T[] | null | undefined): readonly T[] {
  const count = requests?.length ?? 0;
  if (count > 0 && count <= REQUESTS_MAX) return requests!;
  const said = count === 0 ? 'cannot be null or empty' : `cannot be more than ${REQUESTS_MAX}`;
  throw new RegistryError(42212, `The association specified an invalid value for property 'requests': ${said}`);
}

@Controller()
export class AssociationBatchesController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Post('associations::batchGet')
  @Endpoint(batchGet)
  batchGet(@Input() { body, query }: InputOf<typeof batchGet>) {
    return this.#each(requireRequests(body.requests), (request) => this.#read(request, query.includeSchemas));
  }

  @Post('associations::batchMutate')
  @Endpoint(batchMutate)
  batchMutate(@Input() input: InputOf<typeof batchMutate>) {
    const by = authorOf(input);
    return this.#each(requireRequests(input.body.requests), (request) => {
      const ops = (request.associations ?? []).map(({ opType, ...op }) => ({ op: opType, ...op }));
      return this.services.associations.change({ ...request, associations: ops }, input.query, by);
    });
  }

  /** One after the other, as they may build on each other. What fails is told in its place. */
  async #each<T>(
    requests: readonly T[],
    work: (request: T) => Promise<Partial<ChangedResource>>,
  ): Promise<BatchAnswer> {
    const results: BatchAnswer['results'] = [];
    for (const request of requests) {
      try {
        results.push({ result: associationResponse(this.services.profile, await work(request)) });
      } catch (error) {
        results.push({ error: this.#answerOf(error).body as { error_code: number; message: string } });
      }
    }
    return { results };
  }

  #answerOf(error: unknown): ErrorAnswer {
    const place = { path: '', requestId: '' };
    return registryAnswer(this.services.profile)(error, place) ?? confluentAnswer(knownErrorOf(error), place);
  }

  async #read(request: GetRequest, includeSchemas: boolean): Promise<Partial<ChangedResource>> {
    const { resourceId, resourceName, resourceNamespace, associationTypes, lifecycle } = request;
    const resourceType = request.resourceType || 'topic';
    const filter = { resourceType, associationTypes: associationTypes ?? [], lifecycle: lifecycle ?? '' };
    const { associations } = this.services;
    const found = resourceId
      ? await associations.listByResource(resourceId, filter)
      : await associations.listByName(resourceNamespace || '-', resourceName ?? '', filter);
    const first = found[0];
    return {
      resourceName: first?.resourceName ?? resourceName ?? undefined,
      resourceNamespace: first?.resourceNamespace ?? resourceNamespace ?? undefined,
      resourceId: first?.resourceId ?? resourceId ?? undefined,
      resourceType,
      associations: await Promise.all(found.map((association) => this.#withSchema(association, includeSchemas))),
    };
  }

  async #withSchema(association: Association, includeSchemas: boolean): Promise<ChangedAssociation> {
    const { subject, associationType, lifecycle, frozen } = association;
    const shown = { subject, associationType, lifecycle, frozen };
    if (!includeSchemas) return shown;
    const wanted = { deleted: false, format: '', referenceFormat: '', findTags: [] };
    return { ...shown, schema: await this.services.registry.getVersion(subject, 'latest', wanted) };
  }
}
