import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterStatus } from '../cluster-status.ts';
import { identityOf, type IdentityRow } from './identity-row.ts';

interface Row extends IdentityRow {
  id: number;
  name: string;
  required: boolean;
  term: string;
  holder: string | null;
  holder_info: { host?: string; pid?: number } | null;
  acquired_at: Date;
  expires_in_ms: number | null;
  publishing: number;
  not_routed: number;
  refused: number;
  partitions: number;
  troubled: number;
  segments: number;
  shifted: boolean;
  placeholders: number;
}

/**
 * All clusters, in order of name. Reads the tables of clusters whole, each once: they have a row per partition or exception, and
 * one descent per cluster would be no less. Locks: none.
 */
export async function readClusters(db: Queryable): Promise<ClusterStatus[]> {
  const result = await db.query<Row>(
    `select c.id, c.name, c.required, c.kafka_cluster_id, c.producer_id, c.producer_epoch, c.mode, c.mode_reason, c.term,
            c.holder, c.holder_info, c.acquired_at, extract(epoch from c.expires_at - clock_timestamp())::float8 * 1000 as expires_in_ms,
            coalesce(t.publishing, 0) as publishing, coalesce(t.not_routed, 0) as not_routed, coalesce(t.refused, 0) as refused,
            coalesce(p.partitions, 0) as partitions, coalesce(p.troubled, 0) as troubled,
            coalesce(s.segments, 0) as segments, coalesce(s.shifted, false) as shifted, coalesce(h.placeholders, 0) as placeholders
     from log.cluster c
     left join (
       select t.cluster_id, (count(*) filter (where t.state = 'publishing'))::integer as publishing,
              (count(*) filter (where t.state = 'not routed'))::integer as not_routed,
              (count(*) filter (where t.state = 'refused'))::integer as refused
       from log.cluster_topic t group by t.cluster_id
     ) t on t.cluster_id = c.id
     left join (
       select p.cluster_id, count(*)::integer as partitions, count(p.trouble)::integer as troubled
       from log.cluster_partition p group by p.cluster_id
     ) p on p.cluster_id = c.id
     left join (
       select s.cluster_id, count(*)::integer as segments, bool_or(s.delta <> 0) as shifted
       from log.cluster_segment s group by s.cluster_id
     ) s on s.cluster_id = c.id
     left join (
       select h.cluster_id, count(*)::integer as placeholders from log.cluster_placeholder h group by h.cluster_id
     ) h on h.cluster_id = c.id
     order by c.name`,
  );
  return result.rows.map(statusOf);
}

function statusOf(row: Row): ClusterStatus {
  return {
    ...identityOf(row),
    clusterId: row.id,
    name: row.name,
    required: row.required,
    term: BigInt(row.term),
    publisher:
      row.holder !== null && row.expires_in_ms !== null && row.expires_in_ms > 0
        ? {
            holder: row.holder,
            host: row.holder_info?.host ?? null,
            pid: row.holder_info?.pid ?? null,
            since: row.acquired_at,
            leaseExpiresInMs: Math.round(row.expires_in_ms),
          }
        : null,
    topics: { publishing: row.publishing, notRouted: row.not_routed, refused: row.refused },
    partitions: row.partitions,
    troubled: row.troubled,
    segments: row.segments,
    deltaZeroEverywhere: !row.shifted,
    placeholders: row.placeholders,
  };
}
