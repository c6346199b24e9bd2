import type { EntitySchemaOptions } from 'typeorm';
import type { Metadata, RuleSet, SchemaReference, SchemaType } from '#libs/formats/schema';
import type { ContextEntity } from './context.entity.ts';

/** A row of registry.schema. */
export interface SchemaEntity {
  contextId: number;
  id: number;
  context: ContextEntity;
  fingerprint: Buffer;
  likeness: Buffer;
  guid: string;
  duplicate: boolean;
  type: SchemaType;
  text: string;
  refs: SchemaReference[];
  metadata: Metadata | null;
  ruleSet: RuleSet | null;
  createdAt: Date;
}

export const schemaEntity: EntitySchemaOptions<SchemaEntity> = {
  name: 'schema',
  schema: 'registry',
  tableName: 'schema',
  columns: {
    contextId: { type: 'integer', name: 'context_id', primary: true },
    id: { type: 'integer', primary: true },
    fingerprint: { type: 'bytea' },
    likeness: { type: 'bytea' },
    guid: { type: 'uuid' },
    duplicate: { type: 'boolean' },
    type: { type: 'text' },
    text: { type: 'text' },
    refs: { type: 'jsonb' },
    metadata: { type: 'jsonb', nullable: true },
    ruleSet: { type: 'jsonb', name: 'rule_set', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
  relations: { context: { type: 'many-to-one', target: 'context', joinColumn: { name: 'context_id' } } },
};
