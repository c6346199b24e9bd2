import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Refuses new requests and ends streams at once; requests in progress get `deadlineMs`, then their connections are cut.
 * Resolves when nothing is in progress any more.
 */
export async function closeHttpApp(app: NestFastifyApplication, deadlineMs: number): Promise<void> {
  const deadline = setTimeout(() => app.getHttpServer().closeAllConnections(), deadlineMs);
  try {
    await app.close();
  } finally {
    clearTimeout(deadline);
  }
}
