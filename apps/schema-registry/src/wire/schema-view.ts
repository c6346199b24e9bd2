import { z } from 'zod';
import type { ListedSchema, SchemaById, SubjectVersion } from '#libs/stores/schemas';
import type { Metadata, Rule, RuleSet } from '#libs/formats/schema';
import { nonEmpty, nonEmptyMap } from './non-empty.ts';
import type { Profile } from './profile.ts';

const zReferenceView = z.strictObject({ name: z.string(), subject: z.string(), version: z.int() });

const shared = {
  schemaType: z.string().optional().describe('AVRO, JSON or PROTOBUF. In profile 7 absent for AVRO.'),
  references: z.array(zReferenceView).optional(),
  metadata: z.looseObject({}).optional(),
  ruleSet: z.looseObject({}).optional(),
  schema: z.string().optional(),
  schemaTags: z.array(z.looseObject({})).optional(),
  guid: z.string().optional().describe('Not in profile 7.'),
  ts: z.int().optional().describe('Of the registration, ms since the epoch. Not in profile 7.'),
  deleted: z.boolean().optional().describe('Not in profile 7.'),
};

/** A version of a subject. */
export const zSchema = z
  .strictObject({ subject: z.string(), version: z.int(), id: z.int(), ...shared })
  .meta({ id: 'Schema' });

/** The answer to a registration; in profile 7 the id alone. */
export const zRegistered = z
  .strictObject({ id: z.int(), version: z.int().optional(), ...shared })
  .meta({ id: 'RegisterSchemaResponse' });

/** A schema by id or guid. */
export const zSchemaString = z
  .strictObject({ subject: z.string().optional(), version: z.int().optional(), maxId: z.int().optional(), ...shared })
  .meta({ id: 'SchemaString' });

/** A schema of a listing, with what belongs to its subject. */
export const zExtendedSchema = zSchema
  .extend({ aliases: z.array(z.string()).optional(), associations: z.array(z.looseObject({})).optional() })
  .meta({ id: 'ExtendedSchema' });

export function metadataView({ tags, properties, sensitive }: Metadata) {
  return nonEmpty({
    tags: nonEmptyMap(tags),
    properties: nonEmptyMap(properties),
    sensitive: sensitive && [...sensitive].sort(),
  });
}

function ruleView(rule: Rule) {
  const { name, doc, kind, mode, type, tags, params, expr, onSuccess, onFailure, disabled } = rule;
  return {
    ...nonEmpty({ name, doc, kind, mode, type, tags, params: nonEmptyMap(params), expr, onSuccess, onFailure }),
    disabled: disabled ?? false,
  };
}

export function ruleSetView({ migrationRules, domainRules, encodingRules, enableAt }: RuleSet) {
  return nonEmpty({
    migrationRules: migrationRules?.map(ruleView),
    domainRules: domainRules?.map(ruleView),
    encodingRules: encodingRules?.map(ruleView),
    enableAt,
  });
}

type Content = Omit<SubjectVersion, 'subject' | 'version' | 'id'>;

function contentOf(profile: Profile, content: Content) {
  const { guid, schemaType, references, metadata, ruleSet, schema, schemaTags, ts, deleted } = content;
  const common = {
    schemaType: profile === 7 && schemaType === 'AVRO' ? undefined : schemaType,
    references: references.map(({ name, subject, version }) => ({ name, subject, version })),
    metadata: metadata ? metadataView(metadata) : undefined,
    ruleSet: ruleSet ? ruleSetView(ruleSet) : undefined,
    schema,
    schemaTags: schemaTags?.map(({ schemaEntity, tags }) => ({ schemaEntity, tags })),
  };
  return profile === 7 ? nonEmpty(common) : nonEmpty({ guid, ...common, ts, deleted });
}

export function schemaView(profile: Profile, found: SubjectVersion): z.input<typeof zSchema> {
  const { subject, version, id } = found;
  return { subject, version, id, ...contentOf(profile, found) };
}

export function registeredView(profile: Profile, registered: SubjectVersion): z.input<typeof zRegistered> {
  const { id, version } = registered;
  return profile === 7 ? { id } : { id, version, ...contentOf(profile, registered) };
}

export function schemaStringView(profile: Profile, found: SchemaById): z.input<typeof zSchemaString> {
  const { subject, version, maxId } = found;
  const place = subject === undefined ? {} : { subject, version };
  return { ...place, ...contentOf(profile, found), ...(maxId !== undefined && { maxId }) };
}

export function extendedSchemaView(profile: Profile, listed: ListedSchema): z.input<typeof zExtendedSchema> {
  const { aliases, associations } = listed;
  return {
    ...schemaView(profile, listed),
    ...nonEmpty({
      aliases: aliases && [...aliases],
      associations: associations?.map((association) => ({ ...association })),
    }),
  };
}
