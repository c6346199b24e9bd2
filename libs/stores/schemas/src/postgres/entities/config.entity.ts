import type { EntitySchemaOptions } from 'typeorm';
import type { Metadata, RuleSet } from '#libs/formats/schema';

/** A row of registry.config. Null inherits. */
export interface ConfigEntity {
  context: string;
  /** Empty for the config of the context itself. */
  subject: string;
  alias: string | null;
  aliasForDeks: string | null;
  normalize: boolean | null;
  validateFields: boolean | null;
  validateNewSchemas: boolean | null;
  validateRules: boolean | null;
  compatibilityLevel: string | null;
  compatibilityPolicy: string | null;
  compatibilityGroup: string | null;
  defaultMetadata: Metadata | null;
  overrideMetadata: Metadata | null;
  defaultRuleSet: RuleSet | null;
  overrideRuleSet: RuleSet | null;
}

export const configEntity: EntitySchemaOptions<ConfigEntity> = {
  name: 'config',
  schema: 'registry',
  tableName: 'config',
  columns: {
    context: { type: 'text', primary: true },
    subject: { type: 'text', primary: true },
    alias: { type: 'text', nullable: true },
    aliasForDeks: { type: 'text', name: 'alias_for_deks', nullable: true },
    normalize: { type: 'boolean', nullable: true },
    validateFields: { type: 'boolean', name: 'validate_fields', nullable: true },
    validateNewSchemas: { type: 'boolean', name: 'validate_new_schemas', nullable: true },
    validateRules: { type: 'boolean', name: 'validate_rules', nullable: true },
    compatibilityLevel: { type: 'text', name: 'compatibility_level', nullable: true },
    compatibilityPolicy: { type: 'text', name: 'compatibility_policy', nullable: true },
    compatibilityGroup: { type: 'text', name: 'compatibility_group', nullable: true },
    defaultMetadata: { type: 'jsonb', name: 'default_metadata', nullable: true },
    overrideMetadata: { type: 'jsonb', name: 'override_metadata', nullable: true },
    defaultRuleSet: { type: 'jsonb', name: 'default_rule_set', nullable: true },
    overrideRuleSet: { type: 'jsonb', name: 'override_rule_set', nullable: true },
  },
};
