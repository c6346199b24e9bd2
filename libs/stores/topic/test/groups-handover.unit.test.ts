import { describe, expect, test } from '@jest/globals';
import {
  HANDOVER_TRANSITIONS,
  type HandoverEvent,
  type HandoverState,
  handoverStateOf,
} from '../src/groups/handover.ts';

type Columns = readonly [owner: string | null, target: string | null];

// Two columns for each state, and what each event does to them: the table must say the same.
const COLUMNS: Record<HandoverState, Columns> = {
  unassigned: [null, null],
  claimable: [null, 'b'],
  held: ['a', 'a'],
  moving: ['a', 'b'],
  closing: ['a', null],
};
const EFFECTS: Record<HandoverEvent, (columns: Columns) => Columns | 'refused'> = {
  target: ([owner]) => [owner, 'c'],
  keep: ([owner]) => (owner === null ? 'refused' : [owner, owner]),
  untarget: ([owner]) => [owner, null],
  free: ([owner, target]) => (owner === null ? 'refused' : [null, target]),
  claim: ([owner, target]) => (owner !== null || target === null ? 'refused' : [target, target]),
};
const cells = (Object.keys(COLUMNS) as HandoverState[]).flatMap((state) =>
  (Object.keys(EFFECTS) as HandoverEvent[]).map((event): [HandoverState, HandoverEvent] => [state, event]),
);

describe('handover', () => {
  test.each(cells)('%s, %s: the table says what the columns become', (state, event) => {
    const after = EFFECTS[event](COLUMNS[state]);
    expect(HANDOVER_TRANSITIONS[state][event]).toBe(after === 'refused' ? 'refused' : handoverStateOf(...after));
  });

  test('no event takes a partition from one owner straight to another', () => {
    for (const [state, event] of cells) {
      const [owner] = COLUMNS[state];
      const after = EFFECTS[event](COLUMNS[state]);
      if (after !== 'refused' && owner !== null) expect([owner, null]).toContain(after[0]);
    }
  });
});
