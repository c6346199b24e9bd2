import { confluentMeta } from './confluent/meta.ts';
import { confluentTypeDecimal } from './confluent/type/decimal.ts';
import { confluentTypeVariant } from './confluent/type/variant.ts';
import { googleProtobufAny } from './google/protobuf/any.ts';
import { googleProtobufApi } from './google/protobuf/api.ts';
import { googleProtobufDescriptor } from './google/protobuf/descriptor.ts';
import { googleProtobufDuration } from './google/protobuf/duration.ts';
import { googleProtobufEmpty } from './google/protobuf/empty.ts';
import { googleProtobufFieldMask } from './google/protobuf/field-mask.ts';
import { googleProtobufSourceContext } from './google/protobuf/source-context.ts';
import { googleProtobufStruct } from './google/protobuf/struct.ts';
import { googleProtobufTimestamp } from './google/protobuf/timestamp.ts';
import { googleProtobufType } from './google/protobuf/type.ts';
import { googleProtobufWrappers } from './google/protobuf/wrappers.ts';
import { googleTypeCalendarPeriod } from './google/type/calendar-period.ts';
import { googleTypeColor } from './google/type/color.ts';
import { googleTypeDate } from './google/type/date.ts';
import { googleTypeDatetime } from './google/type/datetime.ts';
import { googleTypeDayofweek } from './google/type/dayofweek.ts';
import { googleTypeDecimal } from './google/type/decimal.ts';
import { googleTypeExpr } from './google/type/expr.ts';
import { googleTypeFraction } from './google/type/fraction.ts';
import { googleTypeInterval } from './google/type/interval.ts';
import { googleTypeLatlng } from './google/type/latlng.ts';
import { googleTypeMoney } from './google/type/money.ts';
import { googleTypeMonth } from './google/type/month.ts';
import { googleTypePhoneNumber } from './google/type/phone-number.ts';
import { googleTypePostalAddress } from './google/type/postal-address.ts';
import { googleTypeQuaternion } from './google/type/quaternion.ts';
import { googleTypeTimeofday } from './google/type/timeofday.ts';

const PROTOS: Readonly<Record<string, string>> = {
  'confluent/meta.proto': confluentMeta,
  'confluent/type/decimal.proto': confluentTypeDecimal,
  'confluent/type/variant.proto': confluentTypeVariant,
  'google/protobuf/any.proto': googleProtobufAny,
  'google/protobuf/api.proto': googleProtobufApi,
  'google/protobuf/descriptor.proto': googleProtobufDescriptor,
  'google/protobuf/duration.proto': googleProtobufDuration,
  'google/protobuf/empty.proto': googleProtobufEmpty,
  'google/protobuf/field_mask.proto': googleProtobufFieldMask,
  'google/protobuf/source_context.proto': googleProtobufSourceContext,
  'google/protobuf/struct.proto': googleProtobufStruct,
  'google/protobuf/timestamp.proto': googleProtobufTimestamp,
  'google/protobuf/type.proto': googleProtobufType,
  'google/protobuf/wrappers.proto': googleProtobufWrappers,
  'google/type/calendar_period.proto': googleTypeCalendarPeriod,
  'google/type/color.proto': googleTypeColor,
  'google/type/date.proto': googleTypeDate,
  'google/type/datetime.proto': googleTypeDatetime,
  'google/type/dayofweek.proto': googleTypeDayofweek,
  'google/type/decimal.proto': googleTypeDecimal,
  'google/type/expr.proto': googleTypeExpr,
  'google/type/fraction.proto': googleTypeFraction,
  'google/type/interval.proto': googleTypeInterval,
  'google/type/latlng.proto': googleTypeLatlng,
  'google/type/money.proto': googleTypeMoney,
  'google/type/month.proto': googleTypeMonth,
  'google/type/phone_number.proto': googleTypePhoneNumber,
  'google/type/postal_address.proto': googleTypePostalAddress,
  'google/type/quaternion.proto': googleTypeQuaternion,
  'google/type/timeofday.proto': googleTypeTimeofday,
};

/** The import paths that every registry has to know by itself, because clients never upload them; in alphabetical order. */
export const BUILT_IN_PROTO_PATHS: readonly string[] = Object.keys(PROTOS);

/**
 * The text of the .proto file that an import path stands for when no reference gives it: the well-known types of Protobuf,
 * Google's common types, and Confluent's own. Undefined for every other path. Fields, numbers and types are complete; options of
 * the files that concern generated code only are left out.
 */
export function builtInProto(path: string): string | undefined {
  return Object.hasOwn(PROTOS, path) ? PROTOS[path] : undefined;
}
