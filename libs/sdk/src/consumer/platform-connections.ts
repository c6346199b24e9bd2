import { Database } from '#libs/foundation/postgres';

export interface PlatformConnections {
  readonly db: Database;
  readonly groupsDb: Database;
  close(): Promise<void>;
}

/** Connections beside the application's own: a busy pool must not keep members from being heard. Opened when first used. */
export function platformConnections(url: string, onIdleError: (error: unknown) => void): PlatformConnections {
  const db = new Database({ url, poolMax: 4, applicationName: 'tidemark consumer', onIdleError });
  const groupsDb = new Database({ url, poolMax: 2, applicationName: 'tidemark group members', onIdleError });
  return {
    db,
    groupsDb,
    close: async () => {
      await Promise.all([db.close(), groupsDb.close()]);
    },
  };
}
