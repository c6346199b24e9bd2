import type { LoggerService } from '@nestjs/common';
import { describeError } from '#libs/foundation/kernel';
import type { ConsumerObserver } from '#libs/sdk';

type Delivered = Parameters<NonNullable<ConsumerObserver['handled']>>[0];

/** Says what people have to know: failed tries, where messages went, and when handling stands still. Never payloads. */
export function loggingObserver(logger: LoggerService): ConsumerObserver {
  return {
    tryFailed: (delivery, attempt, error) =>
      logger.warn(`${placeOf(delivery)}: attempt ${attempt} failed: ${firstLine(error)}`),
    movedOn: (delivery, to, dueAt, error) => {
      const when = dueAt === null ? '' : `, due ${dueAt.toISOString()}`;
      logger.error(`${placeOf(delivery)}: went to ${to}${when}: ${firstLine(error)}`, stackOf(error));
    },
    breakerChanged: (group, subscription, from, to, openMs) => {
      const text = `${subscription} of group ${group}: breaker ${from} -> ${to}`;
      if (to === 'open') logger.error(`${text}: most deliveries fail; the next one is tried in ${openMs} ms`);
      else logger.log(text);
    },
    topicMissing: (group, subscription, topic) =>
      logger.warn(`${subscription} of group ${group}: topic ${topic} does not exist; it is waited for`),
    skipped: (group, topic, partition, fromOffset, toOffset) =>
      logger.warn(
        `group ${group}: retention dropped ${topic}/${partition} from ${fromOffset} to ${toOffset} before it was read`,
      ),
    failed: (group, step, error) =>
      logger.warn(`group ${group}: ${step} failed and is tried again: ${firstLine(error)}`),
  };
}

function placeOf({ group, topic, partition, offset, messageId }: Delivered): string {
  return `${topic}/${partition}@${offset} (${messageId}) of group ${group}`;
}

function firstLine(error: unknown): string {
  return describeError(error).split('\n', 1)[0]!;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
