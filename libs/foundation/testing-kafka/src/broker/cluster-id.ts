/** The id of a cluster from 16 random bytes. Like Kafka's own, it never begins with a hyphen, which its tools take for an option. */
export function clusterIdOf(bytes: Buffer): string {
  const id = Buffer.from(bytes);
  id[0]! &= 0x7f;
  return id.toString('base64url');
}
