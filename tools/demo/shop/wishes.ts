import { CATALOGUE } from './catalogue.ts';
import type { Random } from './random.ts';

export interface WishedLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What a customer does with an order after it was placed, one step after the other. */
export type Step = 'pay' | 'pay wrong amount' | 'pay twice at once' | 'ship' | 'cancel';

export interface Wish {
  readonly customerId: string;
  readonly lines: readonly WishedLine[];
  readonly extras: readonly WishedLine[];
  readonly steps: readonly Step[];
}

const CUSTOMERS = 300;
/** More than there ever is of an article. */
const TOO_MANY = 1_000;

/** What the next customer wants. */
export function nextWish(random: Random): Wish {
  return {
    customerId: `customer-${random.between(1, CUSTOMERS)}`,
    lines: linesOf(random, random.between(1, 4), 0.03),
    extras: random.chance(0.2) ? linesOf(random, 2, 0.3) : [],
    steps: stepsOf(random),
  };
}

function linesOf(random: Random, count: number, tooManyChance: number): WishedLine[] {
  return Array.from({ length: count }, (_, index) => {
    // Skewed: the first articles of the catalogue are wanted most, so that many transactions meet at the same rows.
    const place = Math.floor(random.next() ** 1.5 * CATALOGUE.length);
    // A wish that cannot be met, behind lines that can: what was reserved for those has to be rolled back.
    const tooMany = index > 0 && random.chance(tooManyChance);
    return { sku: CATALOGUE[place]!.sku, quantity: tooMany ? TOO_MANY : random.between(1, 3) };
  });
}

function stepsOf(random: Random): Step[] {
  const steps: Step[] = random.chance(0.06) ? ['pay wrong amount'] : [];
  const fate = random.next();
  if (fate < 0.55) steps.push('pay', 'ship');
  else if (fate < 0.6) steps.push('pay twice at once', 'ship');
  else if (fate < 0.63) steps.push('ship');
  else if (fate < 0.75) steps.push('pay');
  else if (fate < 0.88) steps.push('cancel');
  else if (fate < 0.9) steps.push('pay', 'cancel');
  return steps;
}
