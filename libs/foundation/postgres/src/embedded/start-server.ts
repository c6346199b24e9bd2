import { type Credentials } from './credentials.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { choosePort } from './port-choice.ts';
import { launchPostmaster, stopPostmaster } from './postmaster.ts';
import { type RunningServer, readyPort, verifyServer } from './running-server.ts';
import { type ServerSettings } from './server-settings.ts';
import { type Site } from './site.ts';

export interface StartRequest {
  readonly credentials: Credentials;
  readonly askedPort: number | undefined;
  readonly rememberedPort: number | undefined;
  readonly settings: ServerSettings | undefined;
  /** Told when the server ends after it was ready, by itself or because it was asked to. */
  readonly onExit: (how: string) => void;
}

// Each attempt that failed for a passing reason is followed by a pause: enough for processes of a killed server to notice.
const ATTEMPTS_MAX = 10;
const RETRY_AFTER_MS = 500;

/** Why a start failed, as far as another attempt can help; the texts are those of Postgres in the C locale. */
export function failureKind(log: string): 'port-taken' | 'old-processes' | 'other' {
  if (/could not bind .*address .*Address already in use/.test(log)) return 'port-taken';
  return log.includes('pre-existing shared memory block') ? 'old-processes' : 'other';
}

/**
 * Starts a server on a complete cluster and waits until it lets us in. Takes another port when one was snatched away, unless
 * it was asked for. Throws EMBEDDED_POSTGRES_FAILED with the end of Postgres's log; no server is left running then.
 */
export async function startServer(site: Site, request: StartRequest): Promise<RunningServer> {
  const refused = new Set<number>();
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort({ asked: request.askedPort, remembered: request.rememberedPort, refused });
    const outcome = await attemptStart(site, port, request);
    if ('port' in outcome) return outcome;
    const log = await site.serverLog.tail();
    const kind = failureKind(log);
    if (kind === 'port-taken') refused.add(port);
    if (kind === 'other' || attempt >= ATTEMPTS_MAX) {
      throw embeddedFailure(
        `Postgres ended while starting (${outcome.how}); its log ${site.serverLog.path} ends with`,
        { details: log },
      );
    }
    if (kind === 'old-processes') await site.sleep(RETRY_AFTER_MS);
  }
}

async function attemptStart(site: Site, port: number, request: StartRequest): Promise<RunningServer | { how: string }> {
  let ended: string | undefined;
  let ready = false;
  const process = await launchPostmaster(site, port, request.settings, (how) => {
    ended ??= how;
    if (ready) request.onExit(how);
  });
  if (process === undefined) return { how: ended ?? 'no process' };
  try {
    if ((await readyPort(site, process, () => ended !== undefined)) === undefined)
      return { how: ended ?? 'no process' };
    const server = { process, port };
    await verifyServer(site, request.credentials, server);
    ready = true;
    return server;
  } catch (error) {
    await stopPostmaster(site, process, 0);
    throw error;
  }
}
