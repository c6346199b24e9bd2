import { z } from 'zod';
import { createShippingApp } from './shipping-app.ts';

const settings = z
  .object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//),
    SHIPPING_PORT: z.coerce.number().int().min(1).max(65_535).default(8091),
    SHIPPING_INSTANCE: z.string().min(1).optional(),
    CARRIER_SEED: z.coerce.number().int().min(0).default(1),
  })
  .parse(process.env);

const app = await createShippingApp({
  databaseUrl: settings.DATABASE_URL,
  instanceId: settings.SHIPPING_INSTANCE,
  carrierSeed: settings.CARRIER_SEED,
});
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(settings.SHIPPING_PORT, '127.0.0.1');
