export interface ShippingOptions {
  /** A database that Tidemark's migrations have been applied to. */
  readonly databaseUrl: string;
  /** Connections for handlers at most; default 10. */
  readonly poolMax?: number;
  /** A name that this process keeps over restarts, so that it gets its partitions back at once; default none. */
  readonly instanceId?: string;
  /** Which of the carriers' calls fail; default 1. */
  readonly carrierSeed?: number;
}
