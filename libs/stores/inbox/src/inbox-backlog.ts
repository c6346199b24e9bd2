/** How many there are, at most 10,000, and the age of the oldest in ms; 0 when there is none. */
export interface BacklogCount {
  readonly count: number;
  readonly oldestMs: number;
}

/** What waits in the inbox of a database, of all groups. */
export interface InboxBacklog {
  /** Keys whose later messages are parked. */
  readonly blockedKeys: BacklogCount;
  /** Messages parked behind them. */
  readonly parkedMessages: BacklogCount;
  /** Messages in a dlq that nobody has resolved; the age is the time since they went there. */
  readonly deadMessages: BacklogCount;
}
