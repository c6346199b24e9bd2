export type ServerSettings = Readonly<Record<string, string | number>>;

const DEFAULTS: ServerSettings = {
  max_connections: 100,
  shared_buffers: '256MB',
  wal_level: 'replica',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log is for failures; a line per checkpoint would push them out of its bounded size.
  log_checkpoints: 'off',
};

/**
 * The arguments of `postgres`. They win over postgresql.conf and ALTER SYSTEM, so that a setting tried out at one start does
 * not stay. The last ones cannot be changed: nobody else may reach the server, and its log goes where we keep it bounded.
 */
export function serverArguments(folder: string, port: number, settings: ServerSettings = {}): string[] {
  const fixed: ServerSettings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_destination: 'stderr',
    logging_collector: 'off',
  };
  const all = Object.entries({ ...DEFAULTS, ...settings, ...fixed });
  return ['-D', folder, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
