/** The cluster did not say now where a partition ends; the message says why. Tried again later, never reported as a defect. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
}
