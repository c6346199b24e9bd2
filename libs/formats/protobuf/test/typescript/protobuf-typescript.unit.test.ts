import { describe, expect, test } from '@jest/globals';
import { BUILT_IN_PROTO_PATHS, builtInProto, protobufTypeScript } from '../../src/index.ts';
import { schemaOf } from '../schema-of.ts';
import { typeErrors } from './type-errors.ts';

const ORDER = `
  package shop;
  import "google/protobuf/timestamp.proto";
  message Order {
    string id = 1;
    int64 total_cents = 2;
    bytes token = 3;
    Status status = 4;
    repeated Line lines = 5;
    map<int32, Line> by_number = 6;
    optional int32 priority = 7;
    google.protobuf.Timestamp placed_at = 8;
    oneof payment { string card = 9; uint64 voucher = 10; }
    repeated Status history = 11;
    message Line { double price = 1; Order parent = 2; }
  }
  enum Status { OPEN = 0; PAID = 1; }
`;

describe('the TypeScript type of a decoded value', () => {
  test('has the members of the message, as they are read', () => {
    expect(protobufTypeScript(schemaOf(ORDER), { rootName: 'OrdersValue' })).toBe(`/** Message shop.Order. */
export interface OrdersValue {
  id: string;
  total_cents: bigint;
  token: Uint8Array;
  status: Status;
  lines: Order_Line[];
  by_number: Record<string, Order_Line>;
  priority?: number;
  placed_at?: google_protobuf_Timestamp;
  history: Status[];
  /** One of payment. */
  card?: string;
  /** One of payment. */
  voucher?: bigint;
}

/** Message shop.Order.Line. */
export interface Order_Line {
  price: number;
  parent?: OrdersValue;
}

/** Enum shop.Status. */
export type Status = 'OPEN' | 'PAID' | number;

/** Message google.protobuf.Timestamp. */
export interface google_protobuf_Timestamp {
  seconds: bigint;
  nanos: number;
}
`);
  });

  test('compiles under strict, takes what fits and refuses what does not', () => {
    const types = protobufTypeScript(schemaOf(ORDER));
    const line = 'const line: Order_Line = { price: 1.5 };';
    const rest = "token: new Uint8Array(), lines: [line], by_number: { 7: line }, history: ['OPEN', 9]";
    expect(
      typeErrors(`${types} ${line} export const order: Order = { id: 'a', total_cents: 1n, status: 'PAID', ${rest} };`),
    ).toEqual([]);
    for (const wrong of [
      `{ id: 'a', total_cents: 1, status: 'PAID', ${rest} }`,
      `{ id: 'a', total_cents: 1n, status: 'GONE', ${rest} }`,
      `{ id: 'a', total_cents: 1n, status: 'PAID', placed_at: '2026', ${rest} }`,
      `{ id: 'a', status: 'PAID', ${rest} }`,
      `{ id: 'a', total_cents: 1n, status: 'PAID', unknown: 1, ${rest} }`,
    ]) {
      expect(typeErrors(`${types} ${line} export const order: Order = ${wrong};`)).toHaveLength(1);
    }
  });

  test.each([...BUILT_IN_PROTO_PATHS])('%s compiles under strict', (path) => {
    const text = builtInProto(path) ?? '';
    if (!/^message /m.test(text)) {
      expect(() => protobufTypeScript(schemaOf(text))).toThrow('the file declares no message');
    } else {
      expect(typeErrors(protobufTypeScript(schemaOf(text)))).toEqual([]);
    }
  });
});

describe('presence', () => {
  const typeOf = (text: string): string => protobufTypeScript(schemaOf(text));

  test('of proto2: only what is required, repeated or a map is always there', () => {
    const type = typeOf(`syntax = "proto2"; message A {
      required int32 a = 1; optional int32 b = 2; repeated int32 c = 3; required A d = 4; optional E e = 5; map<string, E> f = 6;
      optional group Part = 7 { optional bool g = 1; } enum E { X = 0; Y = 1; } }`);
    for (const member of ['a: number;', 'b?: number;', 'c: number[];', 'd: A;', 'e?: A_E;', 'f: Record<string, A_E>;'])
      expect(type).toContain(`\n  ${member}\n`);
    expect(type).toContain('\n  part?: A_Part;\n');
    expect(type).toContain("export type A_E = 'X' | 'Y';");
    expect(typeErrors(type)).toEqual([]);
  });

  test('of editions: as the features of file and field say', () => {
    const explicit = typeOf(
      'edition = "2023"; message A { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }',
    );
    expect(explicit).toContain('a?: number;\n  b: number;');
    const implicit =
      typeOf(`edition = "2023"; option features.field_presence = IMPLICIT; option features.enum_type = CLOSED;
      message A { int32 a = 1; int32 b = 2 [features.field_presence = EXPLICIT]; E e = 3; A c = 4;
      int32 d = 5 [features = { field_presence: LEGACY_REQUIRED }]; } enum E { X = 0; } enum F { option features.enum_type = OPEN; Y = 0; }`);
    expect(implicit).toContain('a: number;\n  b?: number;\n  e: E;\n  c?: A;\n  d: number;');
    expect(implicit).toContain("E = 'X';");
    expect(implicit).toContain("F = 'Y' | number;");
  });
});

describe('names', () => {
  test('are those of the first message, or the given one, which must be an identifier', () => {
    expect(protobufTypeScript(schemaOf('enum E { X = 0; } message A { E e = 1; } message B {}'))).toMatch(
      /^\/\*\* Message A\. \*\/\nexport interface A \{\n  e: E;\n\}/,
    );
    for (const rootName of ['', '1A', 'a-b', 'A; evil()'])
      expect(() => protobufTypeScript(schemaOf('message A {}'), { rootName })).toThrow('is no name for a type');
  });

  test('never clash with each other, with TypeScript or with the types that the text uses', () => {
    const schema = schemaOf(
      `import "b.proto"; message A { A_B x = 1; B y = 2; Record r = 3; string_ s = 4; Uint8Array u = 5; p.A z = 6; map<string, any> m = 7;
       bytes bytes = 8; message B {} } message A_B { int32 a = 1; } message Record { int32 a = 1; } message string_ { int32 a = 1; }
       message Uint8Array { int32 a = 1; } message any { int32 a = 1; } message Unused {}`,
      { 'b.proto': 'package p; message A { int32 a = 1; }' },
    );
    expect(typeErrors(protobufTypeScript(schema))).toEqual([]);
    expect(typeErrors(protobufTypeScript(schema, { rootName: 'Record_' }))).toEqual([]);
    expect(protobufTypeScript(schema)).toContain('export type Unused = Record<string, never>;');
  });

  test('that no import explains are unknown', () => {
    expect(protobufTypeScript(schemaOf('message A { Missing m = 1; }'))).toContain('m?: unknown;');
  });

  test('written out entries are the map that they stand for', () => {
    const type = protobufTypeScript(
      schemaOf(
        'message A { repeated MEntry m = 1; message MEntry { option map_entry = true; string key = 1; int64 value = 2; } }',
      ),
    );
    expect(type).toBe('/** Message A. */\nexport interface A {\n  m: Record<string, bigint>;\n}\n');
  });
});
