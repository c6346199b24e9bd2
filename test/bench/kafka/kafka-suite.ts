import type { Measurement } from '../measurement.ts';
import { publishBacklog, sequenceAndPublish } from './publish-backlog.ts';

export const kafkaSuite: readonly Measurement[] = [publishBacklog, sequenceAndPublish];
