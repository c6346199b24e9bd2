import fc from 'fast-check';

/** Texts of valid schemas: every name resolves, every number is free. Names are made from numbers, so that none clashes. */

const SCALARS = [
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'bytes',
  'uint32',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];
const KEYS = SCALARS.filter((name) => !['double', 'float', 'bytes'].includes(name));

interface FieldPlan {
  readonly kind: 'plain' | 'repeated' | 'optional' | 'map' | 'oneof';
  readonly type: string;
  readonly key: string;
  readonly gap: number;
  readonly options: readonly string[];
}

interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  readonly nested: readonly MessagePlan[];
  readonly values: readonly number[];
  readonly reserved: boolean;
  readonly options: readonly string[];
}

const FIELD_OPTIONS = [
  'deprecated = true',
  'deprecated = false',
  '(s.note) = "a\\"b"',
  '(s.marks) = 1, (s.marks) = 2',
  '(s.meta) = { level: 3 }, (s.meta).deep.level = 4',
];
const MESSAGE_OPTIONS = [
  'deprecated = true',
  '(s.tagged).level = -1',
  '(s.tagged) = { names: ["x", "y"] deep { level: 0x1F } }',
];

const fieldPlan = fc.record({
  kind: fc.constantFrom<FieldPlan['kind']>('plain', 'plain', 'repeated', 'optional', 'map', 'oneof'),
  type: fc.oneof(fc.constantFrom(...SCALARS), fc.constantFrom('M0', '.s.M0', 's.M0', 'E0', 'Self')),
  key: fc.constantFrom(...KEYS),
  gap: fc.integer({ min: 1, max: 3 }),
  options: fc.uniqueArray(fc.constantFrom(...FIELD_OPTIONS), { maxLength: 2, selector: (text) => text.slice(0, 8) }),
});

const { plan } = fc.letrec<{ plan: MessagePlan }>((tie) => ({
  plan: fc.record({
    fields: fc.array(fieldPlan, { maxLength: 6 }),
    nested: fc.oneof({ maxDepth: 2, depthSize: 'small' }, fc.constant([]), fc.array(tie('plan'), { maxLength: 2 })),
    values: fc.uniqueArray(
      fc.integer({ min: -3, max: 5 }).filter((each) => each !== 0),
      { maxLength: 4 },
    ),
    reserved: fc.boolean(),
    options: fc.uniqueArray(fc.constantFrom(...MESSAGE_OPTIONS), { maxLength: 1 }),
  }),
}));

function messageText(message: MessagePlan, name: string, proto3: boolean): string {
  let number = 0;
  const parts = message.fields.map((field, index) => {
    number += field.gap;
    return fieldText(field, `f_${index}`, number, name, proto3);
  });
  return [
    `message ${name} {`,
    ...message.options.map((option) => `option ${option};`),
    ...parts,
    `enum ${name}Kind { ${name}_ZERO = 0; ${message.values.map((value, index) => `${name}_${index} = ${value};`).join(' ')} }`,
    ...message.nested.map((nested, index) => messageText(nested, `${name}N${index}`, proto3)),
    message.reserved ? `reserved ${number + 5}, ${number + 9} to ${number + 12}; reserved "gone";` : '',
    '}',
  ].join('\n');
}

function fieldText(
  { kind, type, key, options }: FieldPlan,
  name: string,
  number: number,
  self: string,
  proto3: boolean,
): string {
  const typeName = type === 'Self' ? self : type;
  const end = `${name} = ${number}${options.length === 0 ? '' : ` [${options.join(', ')}]`};`;
  switch (kind) {
    case 'map':
      return `map<${key}, ${typeName}> ${end}`;
    case 'oneof':
      return `oneof o_${name} { ${typeName} ${end} }`;
    case 'plain':
      return `${proto3 ? '' : 'required '}${typeName} ${end}`;
    default:
      return `${kind} ${typeName} ${end}`;
  }
}

/** What the options of the schemas are. */
export const OPTION_IMPORT = {
  name: 'options.proto',
  text: `syntax = "proto2"; package s; import "google/protobuf/descriptor.proto";
message Meta { optional int32 level = 1; optional Meta deep = 2; repeated string names = 3; }
extend google.protobuf.FieldOptions { optional string note = 50000; repeated int32 marks = 50001; optional Meta meta = 50002; }
extend google.protobuf.MessageOptions { optional Meta tagged = 50003; }`,
};

/** A text, and what to import for it. */
export const arbitrarySchemaText: fc.Arbitrary<string> = fc
  .record({ proto3: fc.boolean(), messages: fc.array(plan, { minLength: 1, maxLength: 3 }), streaming: fc.boolean() })
  .map(({ proto3, messages, streaming }) =>
    [
      `syntax = "${proto3 ? 'proto3' : 'proto2'}"; package s; import "options.proto"; option java_package = "x.y";`,
      ...messages.map((message, index) => messageText(message, `M${index}`, proto3)),
      'enum E0 { NONE = 0; SOME = 1; }',
      `service S { rpc Call (${streaming ? 'stream ' : ''}M0) returns (s.M0); }`,
    ].join('\n'),
  );
