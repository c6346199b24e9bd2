import { z } from 'zod';
import { createOrdersApp } from './orders-app.ts';

const settings = z
  .object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//),
    ORDERS_PORT: z.coerce.number().int().min(1).max(65_535).default(8090),
  })
  .parse(process.env);

const app = await createOrdersApp({ databaseUrl: settings.DATABASE_URL });
app.enableShutdownHooks();
await app.listen(settings.ORDERS_PORT, '127.0.0.1');
