import fc from 'fast-check';
import type {
  Enum,
  Extend,
  Field,
  FieldType,
  Group,
  Message,
  Oneof,
  Option,
  OptionValue,
  ProtoFile,
  Reserved,
  ScalarType,
  Service,
  SingularType,
} from '#libs/formats/protobuf';
import { SCALAR_TYPES } from '#libs/formats/protobuf';

/** Any tree that the grammar can say, in the order in which it is printed; names need not resolve, nor numbers be free. */

const WORDS = ['a', 'foo', 'Bar', 'x1', '_y', 'message', 'option', 'stream', 'max', 'to', 'reserved'];
const name = fc.oneof(fc.constantFrom(...WORDS), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/));
/** Names that start no statement and are no label where a type stands. */
const typeWord = fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,6}$/);
const dotted = fc.array(typeWord, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const typeName = fc.tuple(fc.boolean(), dotted).map(([root, text]) => (root ? `.${text}` : text));
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constant('\\\'"\n\t\x07?\0'),
);
const number = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const numberText = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
  fc.constantFrom('0x1F', '-0x0a', '017', '1.5', '-.5e-3', '2.', '1e10', '-inf', '3.25f'),
);

const scalarValue: fc.Arbitrary<OptionValue> = fc.oneof(
  text.map((value) => ({ kind: 'string' as const, value })),
  fc.constantFrom('\xff', 'a\x80"\'\\\n\xfe').map((latin1) => ({ kind: 'bytes' as const, latin1 })),
  numberText.map((value) => ({ kind: 'number' as const, text: value })),
  fc
    .constantFrom('true', 'false', 'SPEED', 'inf', 'nan')
    .map((value) => ({ kind: 'identifier' as const, name: value })),
);

const { value } = fc.letrec<{ value: OptionValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalarValue,
    fc
      .uniqueArray(
        fc.tuple(
          fc.oneof(
            name,
            dotted.map((each) => `[${each}]`),
            fc.constant('[type.example.com/a.B]'),
          ),
          tie('value'),
        ),
        {
          maxLength: 3,
          selector: ([key]) => key,
        },
      )
      .map((fields) => ({
        kind: 'message' as const,
        fields: fields.map(([key, inner]) => ({ name: key, value: inner })),
      })),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ kind: 'list' as const, values })),
  ),
}));

const option: fc.Arbitrary<Option> = fc.record({
  name: fc.array(
    fc.oneof(
      name
        .filter((each) => each !== 'default' && each !== 'json_name')
        .map((each) => ({ name: each, extension: false })),
      typeName.map((each) => ({ name: each, extension: true })),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  value,
});
const options = fc.array(option, { maxLength: 3, size: 'small' });

const scalar: fc.Arbitrary<ScalarType> = fc.constantFrom(...SCALAR_TYPES);
const singular: fc.Arbitrary<SingularType> = fc.oneof(
  scalar.map((each) => ({ kind: 'scalar' as const, name: each })),
  typeName.map((each) => ({ kind: 'named' as const, name: each })),
);
const map = fc.record({ kind: fc.constant('map' as const), key: scalar, value: singular });
const label = fc.option(fc.constantFrom('optional' as const, 'required' as const, 'repeated' as const), {
  nil: undefined,
});

const fieldOf = (type: fc.Arbitrary<FieldType>, labels: typeof label): fc.Arbitrary<Field> =>
  fc.record({ type, name, number, options, label: labels }).map(({ label: each, ...rest }) => ({
    kind: 'field',
    ...(each === undefined || rest.type.kind === 'map' ? {} : { label: each }),
    ...rest,
  }));
const field = fieldOf(fc.oneof({ weight: 4, arbitrary: singular }, { weight: 1, arbitrary: map }), label);
const oneofField = fieldOf(singular, fc.constant(undefined));

const range = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.option(fc.integer({ min: 1, max: 1000 }), { nil: 'max' as const }))
  .map(([from, to]) => (from === to ? { from, to, writtenAsRange: true as const } : { from, to }));
const single = number.map((from) => ({ from, to: from }));
const reserved: fc.Arbitrary<Reserved> = fc.record({
  values: fc.oneof(
    fc.array(fc.oneof(range, single), { minLength: 1, maxLength: 3 }),
    fc.array(text, { minLength: 1, maxLength: 2 }),
  ),
});

const enumType: fc.Arbitrary<Enum> = fc.record({
  kind: fc.constant('enum' as const),
  name,
  options,
  reserved: fc.array(reserved, { maxLength: 1 }),
  values: fc.array(
    fc.record({
      name: name.filter((each) => each !== 'option' && each !== 'reserved'),
      number: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      options,
    }),
    { maxLength: 3 },
  ),
});

const few = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(each, { maxLength: 2, size: 'small' });

const { message, extend } = fc.letrec<{ message: Message; group: Group; oneof: Oneof; extend: Extend }>((tie) => ({
  message: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    typeWord.map(emptyMessage),
    fc
      .record({
        name: typeWord,
        options,
        reserved: few(reserved),
        fields: fc.array(field, { maxLength: 4 }),
        groups: few(tie('group')),
        oneofs: few(tie('oneof')),
        extensionRanges: few(fc.record({ ranges: fc.array(range, { minLength: 1, maxLength: 2 }), options })),
        nestedMessages: few(tie('message')),
        nestedEnums: few(enumType),
        extends: few(tie('extend')),
      })
      .map(({ nestedMessages, nestedEnums, ...rest }) => ({
        kind: 'message' as const,
        ...rest,
        nestedTypes: [...nestedMessages, ...nestedEnums],
      })),
  ),
  group: fc.record({ number, options, message: tie('message'), label }).map(({ label: each, ...rest }) => ({
    kind: 'group' as const,
    ...(each === undefined ? {} : { label: each }),
    ...rest,
  })),
  oneof: fc.record({
    name,
    options,
    fields: fc.array(oneofField, { maxLength: 3 }),
    groups: few(tie('group')).map((groups) => groups.map(({ label: _label, ...rest }) => rest)),
  }),
  extend: fc.record({ name: typeName, fields: few(field), groups: few(tie('group')) }),
}));

function emptyMessage(word: string): Message {
  return {
    kind: 'message',
    name: word,
    options: [],
    reserved: [],
    fields: [],
    groups: [],
    oneofs: [],
    extensionRanges: [],
    nestedTypes: [],
    extends: [],
  };
}

const service: fc.Arbitrary<Service> = fc.record({
  name,
  options,
  rpcs: few(
    fc.record({
      name,
      requestType: typeName,
      requestStreaming: fc.boolean(),
      responseType: typeName,
      responseStreaming: fc.boolean(),
      options,
    }),
  ),
});

const declared = fc.constantFrom<Pick<ProtoFile, 'syntax' | 'edition'>>(
  {},
  { syntax: 'proto2' },
  { syntax: 'proto3' },
  { edition: '2023' },
);

/** A whole file. */
export const arbitraryTree: fc.Arbitrary<ProtoFile> = fc
  .record({
    declared,
    package: fc.option(dotted, { nil: undefined }),
    imports: fc.tuple(few(text), few(text), few(text)),
    options,
    messages: few(message),
    enums: few(enumType),
    extends: few(extend),
    services: few(service),
  })
  .map(({ declared: syntax, package: packageName, imports: [plain, isPublic, weak], messages, enums, ...rest }) => ({
    ...syntax,
    ...(packageName === undefined ? {} : { package: packageName }),
    imports: [
      ...plain.map((path) => ({ path, kind: 'plain' as const })),
      ...isPublic.map((path) => ({ path, kind: 'public' as const })),
      ...weak.map((path) => ({ path, kind: 'weak' as const })),
    ],
    ...rest,
    types: [...messages, ...enums],
  }));
