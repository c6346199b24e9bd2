import type { Reader } from '@platformatic/kafka';
import type { TopicOutcome } from '../kafka-client.ts';

export const readOutcome = (reader: Reader): TopicOutcome => ({
  name: reader.readString(false),
  errorCode: reader.readInt16(),
  errorMessage: reader.readNullableString(false),
});
