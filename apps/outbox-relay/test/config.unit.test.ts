import { expect, test } from '@jest/globals';
import { printRedacted } from '#libs/foundation/config';
import { loadRelayConfig, relayConfig } from '../src/config.ts';

test('clusters come with the settings, and are printed without anything secret', () => {
  const config = loadRelayConfig({ TIDEMARK_CLUSTERS: 'eu=a:1,b:2' });
  expect(config.clusters.map(({ name, connection }) => [name, connection.bootstrap.length])).toEqual([['eu', 2]]);
  expect(printRedacted(relayConfig, config)).toMatch(/TIDEMARK_CLUSTERS +=  ?eu=a:1,b:2/);
});

test('problems of clusters are told together with those of other settings', () => {
  const environment = { TIDEMARK_CLUSTERS: 'eu', TIDEMARK_RELAY_PORT: 'x', TIDEMARK_CLUSTER_FILE: 'y' };
  const load = () => loadRelayConfig(environment);
  expect(load).toThrow(/^3 settings are wrong/);
  expect(load).toThrow(/TIDEMARK_CLUSTER_FILE: no such setting; did you mean TIDEMARK_CLUSTERS_FILE\?/);
  expect(load).toThrow(/TIDEMARK_CLUSTERS: cluster 1: expected name=host:port/);
  expect(load).toThrow(/TIDEMARK_RELAY_PORT: expected a whole number/);
});
