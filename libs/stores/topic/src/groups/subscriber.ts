/** A member as the assignment sees it. */
export interface Subscriber {
  readonly memberId: string;
  /** Topics by name; ones that do not exist yet are taken up when they do. */
  readonly topics: readonly string[];
}
