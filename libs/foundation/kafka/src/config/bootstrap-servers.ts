export interface BootstrapServer {
  readonly host: string;
  readonly port: number;
}

const SERVER = /^(?:\[(?<ipv6>[0-9a-fA-F:.%]+)\]|(?<host>[a-zA-Z0-9._-]+)):(?<port>\d{1,5})$/;
const SERVERS_MAX = 100;

/** `host:port,host:port` as Kafka writes it, IPv6 addresses in brackets; or what is wrong, without repeating the text. */
export function parseBootstrapServers(text: string): readonly BootstrapServer[] | string {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > SERVERS_MAX) return `expected at most ${SERVERS_MAX} servers`;
  const servers: BootstrapServer[] = [];
  for (const [index, part] of parts.entries()) {
    const found = SERVER.exec(part)?.groups;
    const port = Number(found?.['port']);
    if (found === undefined || port < 1 || port > 65_535) return `server ${index + 1} ${problemOf(part)}`;
    servers.push({ host: found['ipv6'] ?? found['host']!, port });
  }
  return servers;
}

/** The text is not repeated: somebody may have put a password into it. */
function problemOf(part: string): string {
  if (part === '') return 'is empty; expected host:port,host:port';
  if (part.includes('://'))
    return 'is a URL; expected host:port (security is set by tls and sasl in TIDEMARK_CLUSTERS_FILE)';
  if (part.includes('@'))
    return 'has credentials; expected host:port (they belong into sasl in TIDEMARK_CLUSTERS_FILE)';
  if (!part.includes(':')) return 'has no port; expected host:port, such as 127.0.0.1:9092';
  return 'is not host:port with a port from 1 to 65535';
}
