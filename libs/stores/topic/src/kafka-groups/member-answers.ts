import { TidemarkError } from '#libs/foundation/kernel';
import { KAFKA_ERROR, kafkaErrorName } from '#libs/foundation/kafka';

/** The member is none any more, or not under this epoch: another one may own what it owned. */
const FENCED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNKNOWN_MEMBER_ID,
  KAFKA_ERROR.FENCED_MEMBER_EPOCH,
  KAFKA_ERROR.FENCED_INSTANCE_ID,
]);

/** The group has moved on: a call counts again under its next epoch, or its next generation. */
const OVERTAKEN: ReadonlySet<number> = new Set([
  KAFKA_ERROR.STALE_MEMBER_EPOCH,
  KAFKA_ERROR.ILLEGAL_GENERATION,
  KAFKA_ERROR.REBALANCE_IN_PROGRESS,
]);

export interface Who {
  readonly group: string;
  readonly memberId: string;
  readonly instanceId: string | null;
}

export const isOvertaken = (errorCode: number): boolean => OVERTAKEN.has(errorCode);

export const isFenced = (errorCode: number): boolean => FENCED.has(errorCode);

export function fenced({ group, memberId }: Who, why: string): TidemarkError {
  return new TidemarkError('GROUP_FENCED', `group ${group}: ${memberId} ${why}`, {
    context: { group, memberId },
    remedy:
      "Join again under a new member id. If this repeats, look for pauses that are longer than the group's session timeout (consumer.session.timeout.ms).",
  });
}

/** What a refused heartbeat means to the member. */
export function heartbeatError(who: Who, errorCode: number, errorMessage: string | null): TidemarkError {
  if (errorCode === KAFKA_ERROR.FENCED_INSTANCE_ID) {
    return new TidemarkError(
      'GROUP_INSTANCE_TAKEN',
      `group ${who.group}: another member has joined with the instance id '${who.instanceId}' of ${who.memberId}`,
      { context: { group: who.group, memberId: who.memberId } },
    );
  }
  if (isFenced(errorCode)) return fenced(who, `is not a member any more (${kafkaErrorName(errorCode)})`);
  const said = errorMessage === null ? '' : `: ${errorMessage}`;
  const context = { group: who.group, kafkaError: kafkaErrorName(errorCode), kafkaErrorCode: errorCode };
  const text = `group ${who.group} answers its member with ${kafkaErrorName(errorCode)}${said}`;
  if (errorCode === KAFKA_ERROR.UNRELEASED_INSTANCE_ID) {
    return new TidemarkError('KAFKA_REFUSED', text, {
      context,
      remedy: `Give each process an instance id of its own: another one has just taken '${who.instanceId}'.`,
    });
  }
  if (errorCode === KAFKA_ERROR.UNSUPPORTED_VERSION) {
    return new TidemarkError('KAFKA_UNSUPPORTED', text, {
      context,
      remedy:
        'Turn the consumer protocol on: Kafka 4.0 or later, group.version 1, and `consumer` in group.coordinator.rebalance.protocols.',
    });
  }
  return new TidemarkError('KAFKA_REFUSED', text, { context });
}

/** A commit that one partition refuses. */
export function commitError(who: Who, place: string, errorCode: number): TidemarkError {
  const name = kafkaErrorName(errorCode);
  return new TidemarkError('KAFKA_REFUSED', `group ${who.group}: ${place} refuses the commit with ${name}`, {
    context: { group: who.group, kafkaError: name, kafkaErrorCode: errorCode },
  });
}
