export interface OrdersOptions {
  /** A database that Tidemark's migrations have been applied to. */
  readonly databaseUrl: string;
  /** Connections that requests and the projection share at most; default 10. */
  readonly poolMax?: number;
  /** Members that this process adds to the projection's group; default 1, 0 leaves the projection to others. */
  readonly projectionMembers?: number;
}

export const ORDERS_OPTIONS = Symbol('orders options');
