import type { Lane } from '../lane/lane.ts';
import type { LaneStatus, PublisherStatus } from '../publisher-status.ts';
import type { PublishingSession } from './publishing-session.ts';

const LANES_SHOWN = 5_000;

export function standbyStatus(stopped: boolean, trouble: string | null): PublisherStatus {
  return {
    state: stopped ? 'stopped' : 'standby',
    term: null,
    mode: null,
    modeReason: null,
    trouble,
    lanes: [],
    lanesLeftOut: 0,
    refusedTopics: [],
  };
}

export function sessionStatus(session: PublishingSession, trouble: string | null): PublisherStatus {
  const { context, identity, topics } = session;
  const lanes: LaneStatus[] = [];
  let leftOut = 0;
  for (const lane of context.lanes.all()) {
    if (lanes.length < LANES_SHOWN) lanes.push(laneStatus(lane));
    else leftOut += 1;
  }
  return {
    state: context.guard.lost ? 'standby' : 'publishing',
    term: context.lease.term,
    mode: context.mode,
    modeReason: identity.modeReason,
    trouble,
    lanes,
    lanesLeftOut: leftOut,
    refusedTopics: [...topics.refusals()].map(([topicId, detail]) => ({ topicId, detail })),
  };
}

function laneStatus(lane: Lane): LaneStatus {
  const { topic, clusterTopic, partition } = lane.start;
  return {
    topic,
    clusterTopic,
    partition,
    phase: lane.phase,
    ackedOffset: lane.acked,
    endOffset: lane.logEnd,
    delta: lane.map.last?.delta ?? null,
    segments: lane.map.segments.length,
    inFlight: lane.inFlight.length,
    bufferedBytes: lane.bufferedBytes,
    trouble: lane.trouble,
  };
}
