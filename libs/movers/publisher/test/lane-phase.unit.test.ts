import { describe, expect, test } from '@jest/globals';
import { LANE_TRANSITIONS, type LaneEvent, type LanePhase, nextLanePhase } from '../src/lane/lane-phase.ts';

const phases = Object.keys(LANE_TRANSITIONS) as LanePhase[];
const events = Object.keys(LANE_TRANSITIONS.open) as LaneEvent[];

/** Phases that can follow, by any events. */
function reachable(from: LanePhase, without: readonly LaneEvent[] = []): Set<LanePhase> {
  const seen = new Set([from]);
  for (const phase of seen)
    for (const event of events) {
      const next = nextLanePhase(phase, event);
      if (next !== 'refused' && !without.includes(event)) seen.add(next);
    }
  return seen;
}

describe('phases of a lane', () => {
  test('only a lane whose end was found and saved is open', () => {
    const into = phases.flatMap((phase) =>
      events.filter((event) => nextLanePhase(phase, event) === 'open').map((event) => `${phase} ${event}`),
    );
    expect(into).toEqual(['opening opened']);
    expect(reachable('settling', ['opened'])).not.toContain('open');
  });

  test('an open lane with batches under way settles before anybody looks for its end', () => {
    expect(nextLanePhase('open', 'fail')).toBe('settling');
    expect(nextLanePhase('open', 'retry')).toBe('settling');
    expect(nextLanePhase('open', 'block')).toBe('refused');
    expect(nextLanePhase('open', 'stop')).toBe('refused');
  });

  test('every phase leads back to open, and a stopped one only by a person or another topic', () => {
    for (const phase of phases) expect(reachable(phase)).toContain('open');
    expect(reachable('stopped', ['retry'])).toEqual(new Set(['stopped']));
  });
});
