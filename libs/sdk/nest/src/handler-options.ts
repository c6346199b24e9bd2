import { EventPattern } from '@nestjs/microservices';
import { TidemarkError } from '#libs/foundation/kernel';
import { type DecodeMode, SUBSCRIPTION_OPTION_NAMES, type SubscriptionOptions } from '#libs/sdk';

/** Marks handlers that no other transport of the application shall get: `@EventPattern('orders.placed', TIDEMARK)`. */
export const TIDEMARK: unique symbol = Symbol('tidemark');

/** What `@EventPattern(pattern, options)` and `@OnTopic(pattern, options)` take. */
export interface HandlerOptions extends SubscriptionOptions {
  /** Default: the server's group. */
  readonly group?: string;
  /** How values are read; default `auto`. */
  readonly decode?: DecodeMode;
  /** Many messages of one partition at once, in one transaction; true for the default limits of 100 messages and 1 MiB. */
  readonly batch?: boolean | { readonly maxRecords?: number; readonly maxBytes?: number };
}

const KNOWN: readonly string[] = ['group', 'decode', 'batch', ...SUBSCRIPTION_OPTION_NAMES];

/** `@EventPattern` for Tidemark alone, with options that the compiler checks. */
export function OnTopic(
  pattern: string | RegExp | readonly (string | RegExp)[],
  options: HandlerOptions = {},
): MethodDecorator {
  return EventPattern(pattern as string, TIDEMARK, { ...options }) as MethodDecorator;
}

/** The extras of a pattern as options. Throws CONSUMER_INVALID for a name that is none of them. */
export function handlerOptions(pattern: string, extras: Readonly<Record<string, unknown>>): HandlerOptions {
  const unknown = Object.keys(extras).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) {
    throw new TidemarkError(
      'CONSUMER_INVALID',
      `@EventPattern(${pattern}) has unknown options: ${unknown.join(', ')}`,
      {
        remedy: `Use ${KNOWN.join(', ')}; a handler of another transport names that one.`,
      },
    );
  }
  return extras;
}
