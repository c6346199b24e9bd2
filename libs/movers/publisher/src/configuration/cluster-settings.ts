import { z } from 'zod';

/** The environment variables that name the clusters; loadClusters reads what they say. */
export const clusterSettings = {
  TIDEMARK_CLUSTERS: z
    .string()
    .optional()
    .describe('Kafka clusters to publish to: `name=host:port,host:port`, several separated by `;`.'),
  TIDEMARK_CLUSTERS_FILE: z
    .string()
    .optional()
    .describe('JSON file of further clusters, with TLS, SASL, routing and all else; docs/CLUSTERS.md describes it.')
    .meta({ type: 'path' }),
};
