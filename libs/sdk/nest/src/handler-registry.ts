import { isDeepStrictEqual } from 'node:util';
import type { MessageHandler } from '@nestjs/microservices';
import { TidemarkError } from '#libs/foundation/kernel';
import { type HandlerOptions, handlerOptions } from './handler-options.ts';

/** Handlers of one pattern and one group: they handle each message in the order given, in one transaction. */
export interface HandlerSet {
  readonly pattern: string | RegExp;
  readonly group: string;
  readonly options: HandlerOptions;
  readonly handlers: readonly MessageHandler[];
}

/**
 * What Nest found in the controllers. Handlers of one pattern stay apart by group; within a group they are one subscription,
 * because a group reads a topic once: none of them is dropped, and one that fails takes the effects of the others with it.
 */
export class HandlerRegistry {
  readonly #sets = new Map<string, { set: HandlerSet; handlers: MessageHandler[] }>();
  readonly #defaultGroup: string;

  constructor(defaultGroup: string) {
    this.#defaultGroup = defaultGroup;
  }

  /** Throws CONSUMER_INVALID for patterns that are no topics, for unknown options, and for two handlers that contradict each other. */
  add(pattern: unknown, handler: MessageHandler, extras: Readonly<Record<string, unknown>>): void {
    if (!isTopicPattern(pattern)) {
      throw new TidemarkError('CONSUMER_INVALID', `@EventPattern(${JSON.stringify(pattern)}) names no topic`, {
        remedy: "Use the topic's name, a glob such as 'orders.*', or a RegExp.",
      });
    }
    const options = handlerOptions(String(pattern), extras);
    const group = options.group ?? this.#defaultGroup;
    const key = `${group}\0${typeof pattern === 'string' ? 'name' : 'expression'}\0${String(pattern)}`;
    const known = this.#sets.get(key);
    if (known === undefined) {
      const handlers = [handler];
      this.#sets.set(key, { set: { pattern, group, options, handlers }, handlers });
      return;
    }
    if (!isDeepStrictEqual({ ...known.set.options, group }, { ...options, group })) {
      throw new TidemarkError(
        'CONSUMER_INVALID',
        `two handlers of ${String(pattern)} in group ${group} have different options`,
        {
          remedy:
            'They handle each message together, in one transaction: give both the same options, or one another group.',
        },
      );
    }
    known.handlers.push(handler);
  }

  sets(): HandlerSet[] {
    return [...this.#sets.values()].map(({ set }) => set);
  }
}

function isTopicPattern(pattern: unknown): pattern is string | RegExp {
  return (typeof pattern === 'string' && pattern !== '') || pattern instanceof RegExp;
}
