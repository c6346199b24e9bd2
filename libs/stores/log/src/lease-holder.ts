/** Who holds a lease now, as any instance can see it. */
export interface LeaseHolder {
  readonly holder: string;
  readonly host: string | null;
  readonly pid: number | null;
  readonly since: Date;
  readonly leaseExpiresInMs: number;
}
