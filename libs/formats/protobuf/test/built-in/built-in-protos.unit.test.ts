import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { BUILT_IN_PROTO_PATHS, builtInProto } from '../../src/built-in/built-in-protos.ts';

const root = allParsed();

describe('built-in protos', () => {
  test('the thirty imports that clients never upload are there, and no other', () => {
    const count = (prefix: string): number => BUILT_IN_PROTO_PATHS.filter((path) => path.startsWith(prefix)).length;
    expect([count('google/protobuf/'), count('google/type/'), count('confluent/')]).toEqual([11, 16, 3]);
    expect(BUILT_IN_PROTO_PATHS).toHaveLength(30);
    for (const path of [
      'google/type/localized_text.proto',
      'google/rpc/status.proto',
      'toString',
      '',
      '/confluent/meta.proto',
    ])
      expect(builtInProto(path)).toBeUndefined();
  });

  test('every file parses, and its imports and types resolve among themselves', () => {
    for (const path of BUILT_IN_PROTO_PATHS) {
      const imports = [...(builtInProto(path) ?? '').matchAll(/^import "(.*)";$/gm)].map(([, imported]) => imported);
      for (const imported of imports) expect(BUILT_IN_PROTO_PATHS).toContain(imported);
    }
    expect(() => root.resolveAll()).not.toThrow();
  });

  test.each(['any', 'duration', 'struct', 'timestamp', 'wrappers', 'field_mask'])(
    'google/protobuf/%s.proto has the fields that protobufjs knows it by',
    (name) => {
      const known = protobuf.Root.fromJSON(protobuf.common.get(`google/protobuf/${name}.proto`) ?? {});
      expect(fieldsOf(known)).not.toEqual([]);
      expect(fieldsOf(root)).toEqual(expect.arrayContaining(fieldsOf(known)));
    },
  );

  test.each([
    ['google.type.Money', 'currency_code=1 string, units=2 int64, nanos=3 int32'],
    ['google.type.Date', 'year=1 int32, month=2 int32, day=3 int32'],
    ['google.type.TimeOfDay', 'hours=1 int32, minutes=2 int32, seconds=3 int32, nanos=4 int32'],
    ['google.type.LatLng', 'latitude=1 double, longitude=2 double'],
    ['google.type.Color', 'red=1 float, green=2 float, blue=3 float, alpha=4 google.protobuf.FloatValue'],
    ['google.type.Interval', 'start_time=1 google.protobuf.Timestamp, end_time=2 google.protobuf.Timestamp'],
    ['google.type.Decimal', 'value=1 string'],
    ['google.type.PhoneNumber', 'e164_number=1 string, short_code=2 ShortCode, extension=3 string'],
    ['confluent.Meta', 'doc=1 string, params=2 string, tags=3 string'],
    ['confluent.type.Decimal', 'value=1 bytes, precision=2 uint32, scale=3 int32'],
    ['confluent.type.Variant', 'metadata=1 bytes, value=2 bytes'],
  ])('%s has its fields by number and type', (name, fields) => {
    const found = root.lookupType(name).fieldsArray.map((field) => `${field.name}=${field.id} ${field.type}`);
    expect(found.join(', ')).toBe(fields);
  });

  test("Confluent's Meta extends the five kinds of options as number 1088", () => {
    for (const options of ['FileOptions', 'MessageOptions', 'FieldOptions', 'EnumOptions', 'EnumValueOptions']) {
      const ids = root.lookupType(`google.protobuf.${options}`).fieldsArray.map((field) => field.id);
      expect(ids).toContain(1088);
    }
  });
});

function allParsed(): protobuf.Root {
  const parsed = new protobuf.Root();
  for (const path of BUILT_IN_PROTO_PATHS) protobuf.parse(builtInProto(path) ?? '', parsed, { keepCase: true });
  return parsed;
}

/** Each field of a namespace as `full.name.field = number type`, with maps and repetition told apart. */
function fieldsOf(namespace: protobuf.NamespaceBase): string[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (!(nested instanceof protobuf.Namespace)) return [];
    const own =
      nested instanceof protobuf.Type
        ? nested.fieldsArray.map((field) => `${nested.fullName}.${snake(field.name)} = ${field.id} ${kind(field)}`)
        : [];
    return [...own, ...fieldsOf(nested)];
  });
}

const kind = (field: protobuf.Field): string =>
  `${field.map ? 'map ' : field.repeated ? 'repeated ' : ''}${field.type.replace(/^google\.protobuf\./, '')}`;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
