import type { EntitySchemaOptions } from 'typeorm';
import type { ContextEntity } from './context.entity.ts';

/** A row of registry.subject_version. */
export interface SubjectVersionEntity {
  contextId: number;
  subject: string;
  version: number;
  context: ContextEntity;
  schemaId: number;
  referencing: boolean;
  deletedAt: Date | null;
  registeredBy: string;
  createdAt: Date;
}

export const subjectVersionEntity: EntitySchemaOptions<SubjectVersionEntity> = {
  name: 'subject_version',
  schema: 'registry',
  tableName: 'subject_version',
  columns: {
    contextId: { type: 'integer', name: 'context_id', primary: true },
    subject: { type: 'text', primary: true },
    version: { type: 'integer', primary: true },
    schemaId: { type: 'integer', name: 'schema_id' },
    referencing: { type: 'boolean' },
    // Not TypeORM's deletion date: those who list deleted versions would have to ask for each query to show them.
    deletedAt: { type: 'timestamptz', name: 'deleted_at', nullable: true },
    registeredBy: { type: 'text', name: 'registered_by' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
  relations: { context: { type: 'many-to-one', target: 'context', joinColumn: { name: 'context_id' } } },
};
