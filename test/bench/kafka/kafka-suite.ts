import type { Measurement } from '../measurement.ts';
import { catchUp } from './catch-up.ts';
import { commitToConsumable } from './commit-to-consumable.ts';
import { keepUp } from './keep-up.ts';
import { publishBacklog, sequenceAndPublish } from './publish-backlog.ts';

export const kafkaSuite: readonly Measurement[] = [
  publishBacklog,
  sequenceAndPublish,
  commitToConsumable,
  catchUp,
  keepUp,
];
