import type { EntitySchemaOptions } from 'typeorm';

/** A row of registry.context. */
export interface ContextEntity {
  id: number;
  /** `.` or `.name`. */
  name: string;
  /** False once it was deleted. */
  listed: boolean;
  createdAt: Date;
}

export const contextEntity: EntitySchemaOptions<ContextEntity> = {
  name: 'context',
  schema: 'registry',
  tableName: 'context',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    name: { type: 'text' },
    listed: { type: 'boolean' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
};
