import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TidemarkError } from '#libs/foundation/kernel';

export interface ListenOptions {
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** The environment name of the port, for the error message. */
  readonly portSetting: string;
  readonly address: string;
}

const WHY: Readonly<Record<string, (options: ListenOptions) => string>> = {
  EADDRINUSE: ({ port, portSetting }) => `port ${port} (${portSetting}) is in use by another process`,
  EACCES: ({ port, portSetting }) => `port ${port} (${portSetting}) may only be used by root`,
  EADDRNOTAVAIL: ({ address }) => `${address} (TIDEMARK_BIND) is no address of this machine`,
  ENOTFOUND: ({ address }) => `${address} (TIDEMARK_BIND) is no address of this machine`,
};

/**
 * Makes an app reachable, and answers where: http://127.0.0.1:8082. Throws PORT_UNAVAILABLE, naming the setting, when
 * the port is taken or the address is not of this machine.
 */
export async function listen(app: NestFastifyApplication, options: ListenOptions): Promise<string> {
  try {
    await app.listen(options.port, options.address);
  } catch (error) {
    const why = WHY[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    throw new TidemarkError('PORT_UNAVAILABLE', why(options), {
      cause: error,
      context: { port: options.port, setting: options.portSetting },
    });
  }
  return (await app.getUrl()).replace('[::1]', 'localhost');
}
