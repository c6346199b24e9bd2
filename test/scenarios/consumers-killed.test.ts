import { describe } from '@jest/globals';
import { postgresGround } from './harness/consumer-ground.ts';
import { consumersKilled } from './harness/consumers-killed.ts';

describe('consumers of topics in Postgres: whatever is killed, stopped or joins, effects and follow-ups happen once, in order per key, and retries when they are due', () => {
  consumersKilled({ open: postgresGround, kills: 6, soakKills: 400 });
});
