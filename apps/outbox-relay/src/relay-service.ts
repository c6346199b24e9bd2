import type { Service } from '#libs/foundation/program';
import type { RelayConfig } from './config.ts';
import { startRelay } from './start-relay.ts';

export const RELAY_SERVICE: Service<RelayConfig> = {
  name: 'relay',
  offers: 'topics, records, tails, the sequencer',
  start: startRelay,
};
