import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/*
 * The floor: Fastify answering a stored buffer. The body comes from the parent, which is told the port. Ends with it.
 */
process.once('message', (body: string) => {
  const stored = Buffer.from(body);
  const app = fastify();
  app.get('/schemas/ids/:id', (_request, reply) =>
    reply.header('content-type', 'application/vnd.schemaregistry.v1+json').send(stored),
  );
  void app
    .listen({ port: 0, host: '127.0.0.1' })
    .then(() => process.send!({ port: (app.server.address() as AddressInfo).port }));
});
process.once('disconnect', () => process.exit(0));
