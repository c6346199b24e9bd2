import { TidemarkError } from '#libs/foundation/kernel';
import { KAFKA_ERROR, kafkaErrorName } from '../kafka-errors.ts';

/** Errors of a whole call that pass by themselves: like no answer. */
const PASSING: ReadonlySet<number> = new Set([
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.REQUEST_TIMED_OUT,
  KAFKA_ERROR.BROKER_NOT_AVAILABLE,
  KAFKA_ERROR.NETWORK_EXCEPTION,
  KAFKA_ERROR.COORDINATOR_LOAD_IN_PROGRESS,
  KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_COORDINATOR,
  KAFKA_ERROR.NOT_CONTROLLER,
  KAFKA_ERROR.THROTTLING_QUOTA_EXCEEDED,
]);

/** Throws KAFKA_REFUSED, or KAFKA_UNREACHABLE for an error that passes by itself, unless the code is 0. */
export function expectAnswer(call: string, errorCode: number, errorMessage: string | null = null): void {
  if (errorCode === KAFKA_ERROR.NONE) return;
  const name = kafkaErrorName(errorCode);
  const said = errorMessage === null ? '' : ` (${errorMessage})`;
  throw new TidemarkError(
    PASSING.has(errorCode) ? 'KAFKA_UNREACHABLE' : 'KAFKA_REFUSED',
    `The cluster answers ${call} with ${name}${said}.`,
    { context: { call, kafkaError: name, kafkaErrorCode: errorCode } },
  );
}
