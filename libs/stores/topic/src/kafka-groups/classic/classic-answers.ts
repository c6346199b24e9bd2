import { TidemarkError } from '#libs/foundation/kernel';
import { KAFKA_ERROR } from '#libs/foundation/kafka';
import { fenced, heartbeatError, type Who } from '../member-answers.ts';

/** What a refused call of the classic protocol means to the member. */
export function classicError(who: Who, errorCode: number, sessionTimeoutMs: number): TidemarkError {
  const context = { group: who.group, kafkaErrorCode: errorCode };
  if (errorCode === KAFKA_ERROR.ILLEGAL_GENERATION) return fenced(who, 'has missed that its group has moved on');
  if (errorCode === KAFKA_ERROR.INVALID_SESSION_TIMEOUT) {
    return new TidemarkError('GROUP_INVALID', `group ${who.group}: brokers take no session of ${sessionTimeoutMs} ms`, {
      context,
      remedy: 'Choose sessionTimeoutMs between group.min.session.timeout.ms (6,000) and group.max.session.timeout.ms.',
    });
  }
  if (errorCode === KAFKA_ERROR.INCONSISTENT_GROUP_PROTOCOL) {
    return new TidemarkError('GROUP_INVALID', `group ${who.group} has members that assign in another way`, {
      context,
      remedy:
        'Let all its clients offer the assignor cooperative-sticky (partition.assignment.strategy), or use another group.',
    });
  }
  return heartbeatError(who, errorCode, null);
}
