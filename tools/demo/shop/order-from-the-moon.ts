import { OUT_OF_REACH } from '../../../examples/orders/src/shipping/carrier/carrier-rules.ts';
import type { Answers } from './answers.ts';
import { CATALOGUE } from './catalogue.ts';
import type { ShopClient } from './shop-client.ts';

/** The one order that is paid and shipped like any other, and that no carrier takes: the poison of this demo. */
export async function orderFromTheMoon(client: ShopClient, answers: Answers): Promise<void> {
  const lines = [{ sku: CATALOGUE.at(-2)!.sku, quantity: 1 }];
  const placed = await client.place({ customerId: `${OUT_OF_REACH}base`, lines, extras: [] });
  if (placed.kind === 'refused') return answers.refused(placed.code);
  answers.placed(placed.value);
  const { orderId, totalCents } = placed.value;
  await client.pay(orderId, totalCents);
  answers.stepDone(orderId, 'pay');
  await client.ship(orderId);
  answers.stepDone(orderId, 'ship');
}
