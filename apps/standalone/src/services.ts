import { startRelay } from '#apps/outbox-relay/src/start-relay';
import type { Service } from './service.ts';

/** All services, in the order in which they are started; the settings of each are part of `standaloneConfig`. */
export const SERVICES: readonly Service[] = [
  { name: 'relay', offers: 'topics, records, tails, the sequencer', start: startRelay },
];
