import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly orders: number;
  /** Customers that order at the same time. */
  readonly workers: number;
  readonly seed: number;
  /** End with an exit code instead of staying up. */
  readonly exit: boolean;
}

export type DemoRequest =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

const DEFAULTS = { orders: 2_000, workers: 16 };
const LIMITS = { orders: [20, 100_000], workers: [1, 64], seed: [0, 2 ** 31 - 1] } as const;

export const DEMO_HELP = `npm run demo -- [options]

Starts Postgres, the relay and the example services, lets customers order over HTTP, kills the relay
midway and the shipping service again and again, and checks that every event arrived once and in order,
that each order was shipped once, and that the one which nobody delivers is the one dead letter.

  --orders <n>    orders to place (${LIMITS.orders.join(' to ')}; default ${DEFAULTS.orders})
  --workers <n>   customers that order at the same time (${LIMITS.workers.join(' to ')}; default ${DEFAULTS.workers})
  --seed <n>      makes the customers wish the same again (default: a new one, printed)
  --exit          stop when done; the exit code is 0 if all checks passed, else 1
  --help          this text

Postgres: an embedded one in a temporary folder. With DATABASE_URL, a database of its own on that server,
which is dropped at the end; no other database is touched.
`;

/** What the command line asks for; `newSeed` is used when it names none. */
export function parseDemoOptions(args: readonly string[], newSeed: number): DemoRequest {
  let values;
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean', default: false } as const;
    const options = { orders: text, workers: text, seed: text, exit: flag, help: flag };
    values = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    return { kind: 'invalid', problem: (error as Error).message };
  }
  if (values.help) return { kind: 'help' };
  const numbers = { orders: DEFAULTS.orders, workers: DEFAULTS.workers, seed: newSeed };
  for (const name of ['orders', 'workers', 'seed'] as const) {
    const given = values[name];
    if (given === undefined) continue;
    const [min, max] = LIMITS[name];
    if (!/^\d{1,10}$/.test(given) || Number(given) < min || Number(given) > max) {
      return { kind: 'invalid', problem: `--${name} must be a whole number from ${min} to ${max}, not '${given}'` };
    }
    numbers[name] = Number(given);
  }
  return { kind: 'run', options: { ...numbers, exit: values.exit } };
}
