import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, createMetrics, HealthChecks } from '#libs/foundation/observability';
import { createAuthenticator, createHttpApp, type HttpAppOptions, OperationsModule } from '../../src/index.ts';
import { NotesController } from './notes.controller.ts';

export interface RunningApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly port: number;
  readonly health: HealthChecks;
  /** The lines that the app has logged so far. */
  readonly lines: Record<string, unknown>[];
}

/** A real server on a free port of loopback, with everything an app has. */
export async function startApp(options: Partial<HttpAppOptions> = {}): Promise<RunningApp> {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'debug',
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const health = new HealthChecks();
  const metrics = createMetrics({ processMetrics: false });

  @Module({
    imports: [OperationsModule.forRoot({ health, metrics, info: { title: 'Notes', version: '1.0.0' } })],
    controllers: [NotesController],
  })
  class RootModule {}

  const authenticator = await createAuthenticator({ credentialsFile: undefined, logger });
  const app = await createHttpApp(RootModule, { logger, metrics, authenticator, ...options });
  await app.listen(0, '127.0.0.1');
  const address = app.getHttpServer().address() as { port: number };
  return { app, url: `http://127.0.0.1:${address.port}`, port: address.port, health, lines };
}
