/** What the audit says about a write. */
export interface AuditedAction {
  /** What is done, as `noun.verb`: `topic.create`. */
  readonly action: string;
  /** To what: the name of a topic, group, or the like. */
  readonly target: string;
  /** The settings that were chosen. Never payloads or secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}
