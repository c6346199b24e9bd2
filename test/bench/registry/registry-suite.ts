import type { Measurement } from '../measurement.ts';
import { manySchemas } from './many-schemas.ts';
import { readById } from './read-by-id.ts';
import { writing } from './writing.ts';

export const registrySuite: readonly Measurement[] = [readById, writing, manySchemas];
