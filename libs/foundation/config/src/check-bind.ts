/** True for addresses that only this machine can reach. */
export function isLoopback(address: string): boolean {
  const host = address.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    host === 'localhost' ||
    host === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(host) ||
    /^::ffff:127(\.\d{1,3}){3}$/.test(host)
  );
}

/**
 * The rule that nobody is served without authentication from another machine: what is wrong, or undefined.
 * Without a credentials file everybody is an admin, which only loopback may offer.
 */
export function checkBind(bind: string, credentialsFile: string | undefined): string | undefined {
  if (isLoopback(bind) || credentialsFile !== undefined) return undefined;
  return (
    `TIDEMARK_BIND: ${bind} can be reached from other machines, which needs authentication; ` +
    'set TIDEMARK_CREDENTIALS_FILE, or bind to 127.0.0.1'
  );
}
