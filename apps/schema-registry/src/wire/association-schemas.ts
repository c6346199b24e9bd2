import { z } from 'zod';
import { zSchemaRequest } from './request-schemas.ts';

const op = {
  subject: z.string().nullish(),
  associationType: z.string().nullish(),
  lifecycle: z.string().nullish(),
  frozen: z.boolean().nullish(),
  schema: zSchemaRequest.nullish(),
  normalize: z.boolean().nullish(),
};

const resource = {
  resourceName: z.string().nullish(),
  resourceNamespace: z.string().nullish(),
  resourceId: z.string().nullish(),
  resourceType: z.string().nullish(),
};

/** AssociationCreateOrUpdateRequest. */
export const zAssociationRequest = z.object({ ...resource, associations: z.array(z.object(op)).nullish() });

/** AssociationBatchRequest: each entry succeeds or fails by itself. */
export const zBatchMutateRequest = z.object({
  requests: z
    .array(
      z.object({
        ...resource,
        associations: z
          .array(
            z.object({
              ...op,
              opType: z
                .string()
                .transform((text) => text.toUpperCase())
                .pipe(z.enum(['CREATE', 'UPSERT', 'DELETE'])),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** AssociationBatchGetRequest: by id, or by name and namespace. */
export const zBatchGetRequest = z.object({
  requests: z
    .array(
      z.object({
        ...resource,
        associationTypes: z.array(z.string()).nullish(),
        lifecycle: z.string().nullish(),
      }),
    )
    .nullish(),
});
