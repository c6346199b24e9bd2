import { z } from 'zod';
import type { Association, ChangedAssociation, ChangedResource } from '#libs/stores/schemas';
import { zConfluentError } from './confluent-error.ts';
import type { Profile } from './profile.ts';
import { schemaView, zSchema } from './schema-view.ts';

export const zAssociation = z
  .strictObject({
    subject: z.string(),
    guid: z.string(),
    resourceName: z.string(),
    resourceNamespace: z.string(),
    resourceId: z.string(),
    resourceType: z.string(),
    associationType: z.string(),
    lifecycle: z.enum(['STRONG', 'WEAK']),
    frozen: z.boolean(),
    createTs: z.int(),
    updateTs: z.int(),
  })
  .meta({ id: 'Association' });

export const zAssociationResponse = z
  .strictObject({
    resourceName: z.string().optional(),
    resourceNamespace: z.string().optional(),
    resourceId: z.string().optional(),
    resourceType: z.string().optional(),
    associations: z
      .array(
        z.strictObject({
          subject: z.string(),
          associationType: z.string(),
          lifecycle: z.enum(['STRONG', 'WEAK']),
          frozen: z.boolean(),
          schema: zSchema.optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'AssociationResponse' });

export const zBatchResponse = z
  .strictObject({
    results: z.array(z.strictObject({ error: zConfluentError.optional(), result: zAssociationResponse.optional() })),
  })
  .meta({ id: 'AssociationBatchResponse' });

export function associationView(found: Association): z.input<typeof zAssociation> {
  return {
    subject: found.subject,
    guid: found.guid,
    resourceName: found.resourceName,
    resourceNamespace: found.resourceNamespace,
    resourceId: found.resourceId,
    resourceType: found.resourceType,
    associationType: found.associationType,
    lifecycle: found.lifecycle,
    frozen: found.frozen,
    createTs: found.createTs,
    updateTs: found.updateTs,
  };
}

function changedView(profile: Profile, changed: ChangedAssociation) {
  const { subject, associationType, lifecycle, frozen, schema } = changed;
  const shown = { subject, associationType, lifecycle, frozen };
  return schema === undefined ? shown : { ...shown, schema: schemaView(profile, schema) };
}

/** Without associations the list is absent, as all empty lists are. */
export function associationResponse(
  profile: Profile,
  { resourceName, resourceNamespace, resourceId, resourceType, associations }: Partial<ChangedResource>,
): z.input<typeof zAssociationResponse> {
  const listed = associations?.map((changed) => changedView(profile, changed)) ?? [];
  return {
    resourceName,
    resourceNamespace,
    resourceId,
    resourceType,
    ...(listed.length > 0 && { associations: listed }),
  };
}
