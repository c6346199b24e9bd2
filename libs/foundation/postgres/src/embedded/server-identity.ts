import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects with our password and answers the data folder of the server that is there. Throws what `pg` throws. */
export async function dataDirectoryBehind(url: string): Promise<string> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks rejects the query below; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory ?? '';
  } finally {
    await client.end();
  }
}
