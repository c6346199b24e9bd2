import type { EntitySchemaOptions } from 'typeorm';
import type { Mode } from '../../registry.ts';

/** A row of registry.mode. */
export interface ModeEntity {
  context: string;
  /** Empty for the mode of the context itself. */
  subject: string;
  mode: Mode;
}

export const modeEntity: EntitySchemaOptions<ModeEntity> = {
  name: 'mode',
  schema: 'registry',
  tableName: 'mode',
  columns: {
    context: { type: 'text', primary: true },
    subject: { type: 'text', primary: true },
    mode: { type: 'text' },
  },
};
