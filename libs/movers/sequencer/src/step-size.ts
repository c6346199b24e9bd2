export interface StepSizeLimits {
  readonly messagesMax: number;
  /** Aim for the keys of one step, in bytes: they are all that a step holds of its messages. */
  readonly keyBytes: number;
}

/** How many messages to read next, from the keys of the last step: large keys make shorter steps. */
export function nextStepSize(limits: StepSizeLimits, lastMessages: number, lastKeyBytes: number): number {
  if (lastMessages === 0 || lastKeyBytes === 0) return limits.messagesMax;
  const fitting = Math.floor(limits.keyBytes / (lastKeyBytes / lastMessages));
  return Math.max(1, Math.min(limits.messagesMax, fitting));
}
