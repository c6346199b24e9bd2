import { z } from 'zod';
import type { ConfigChange, ConfigRecord } from '#libs/stores/schemas';
import { nonEmpty } from './non-empty.ts';
import type { zConfigRequest } from './request-schemas.ts';
import { metadataView, ruleSetView } from './schema-view.ts';

const fields = {
  alias: z.string().optional(),
  aliasForDeks: z.string().optional(),
  normalize: z.boolean().optional(),
  validateFields: z.boolean().optional(),
  validateNewSchemas: z.boolean().optional(),
  validateRules: z.boolean().optional(),
  compatibilityPolicy: z.string().optional(),
  compatibilityGroup: z.string().optional(),
  defaultMetadata: z.looseObject({}).optional(),
  overrideMetadata: z.looseObject({}).optional(),
  defaultRuleSet: z.looseObject({}).optional(),
  overrideRuleSet: z.looseObject({}).optional(),
};

/** A config as it is read: the level is `compatibilityLevel`. */
export const zConfig = z.strictObject({ ...fields, compatibilityLevel: z.string().optional() }).meta({ id: 'Config' });

/** A config as it is written, which the answer to the write repeats: the level is `compatibility`. */
export const zConfigEcho = z
  .strictObject({ ...fields, compatibility: z.string().optional() })
  .meta({ id: 'ConfigUpdateRequest' });

type Shared = Omit<ConfigRecord, 'compatibilityLevel'>;

// The order of Confluent's answers; `level` is under the key that reading or writing has for it.
function sharedView(config: Shared, level: { compatibilityLevel?: string } | { compatibility?: string }) {
  const { defaultMetadata, overrideMetadata, defaultRuleSet, overrideRuleSet } = config;
  return nonEmpty({
    alias: config.alias,
    aliasForDeks: config.aliasForDeks,
    normalize: config.normalize,
    validateFields: config.validateFields,
    validateNewSchemas: config.validateNewSchemas,
    validateRules: config.validateRules,
    ...level,
    compatibilityPolicy: config.compatibilityPolicy,
    compatibilityGroup: config.compatibilityGroup,
    defaultMetadata: defaultMetadata && metadataView(defaultMetadata),
    overrideMetadata: overrideMetadata && metadataView(overrideMetadata),
    defaultRuleSet: defaultRuleSet && ruleSetView(defaultRuleSet),
    overrideRuleSet: overrideRuleSet && ruleSetView(overrideRuleSet),
  });
}

export function configView(config: ConfigRecord): z.input<typeof zConfig> {
  return sharedView(config, { compatibilityLevel: config.compatibilityLevel });
}

type ConfigRequest = z.output<typeof zConfigRequest>;

/** What a write asks for, as the registry takes it. */
export function configChange({ compatibility, ...rest }: ConfigRequest): ConfigChange {
  return compatibility === undefined ? rest : { ...rest, compatibilityLevel: compatibility };
}

/** The answer to a write: what it set. */
export function configEcho({ compatibility, ...rest }: ConfigRequest): z.input<typeof zConfigEcho> {
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as Shared;
  return sharedView(set, { compatibility: compatibility ?? undefined });
}
