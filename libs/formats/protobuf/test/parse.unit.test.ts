import { describe, expect, test } from '@jest/globals';
import { SCHEMA_LIMITS } from '#libs/formats/schema';
import { parseProtoFile, protobufFormat as format } from '#libs/formats/protobuf';

describe('errors say what was expected, what was found, and where', () => {
  test.each([
    ['message M {', 'line 1, column 12: Expected a type, found the end of the text'],
    ['message M {\n  int32 a 1;\n}', "line 2, column 11: Expected '=', found '1'"],
    ['message M {\n\tint32 = 1;\n}', "line 2, column 8: Expected the name of a field, found '='"],
    ['message M { int32 a = b; }', "line 1, column 23: Expected the number of a field, found 'b'"],
    ['message M { int32 a = 9999999999; }', 'line 1, column 23: the number of a field 9999999999 is beyond 32 bits'],
    ['message M { int32 a = 08; }', "line 1, column 23: '08' is not an octal number"],
    ['enum E { A = 1a; }', "line 1, column 14: '1' is followed by a letter"],
    ['option a = "b', 'line 1, column 12: The string has no end'],
    ['option a = "b\nc";', 'line 1, column 12: The string has no end'],
    ['/* a\n b', 'line 1, column 1: The comment has no end'],
    ['/* a\n */ ?', 'line 2, column 5: Unexpected character "?"'],
    ['package a; package b;', 'line 1, column 12: The package is declared twice'],
    ['syntax = "proto4";', 'line 1, column 1: Unknown syntax "proto4": proto2 or proto3'],
    ['edition = "soon";', 'line 1, column 1: Unknown edition "soon"'],
    [
      'package a; syntax = "proto3";',
      "line 1, column 12: 'syntax' has to be the first statement, and the only one of its kind",
    ],
    ['message M { repeated map<string, int32> m = 1; }', 'line 1, column 13: A map field cannot be repeated'],
    ['message M { oneof o { optional int32 a = 1; } }', 'line 1, column 23: A field of a oneof cannot be optional'],
    ['message M { map<M, int32> m = 1; }', 'line 1, column 17: The key of a map cannot be of type M'],
    ['import "\\xff";', 'line 1, column 8: The bytes of the path of an import are not UTF-8'],
    ['nonsense', "line 1, column 1: Expected a statement such as 'message', found 'nonsense'"],
    ['"just": "json"', "line 1, column 1: Expected a statement such as 'message', found '\"just\"'"],
  ])('%j', (text, message) => {
    expect(() => format.parse(text, [])).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID', message }));
  });
});

test('words of the grammar are names wherever a name stands', () => {
  const text =
    'syntax = "proto3"; message message { stream stream = 1; option.enum enum = 2; } service rpc { rpc rpc (stream) returns (stream stream); } message stream { } ';
  expect(() => parseProtoFile(text)).toThrow(/line 1, column 63/);
  const { types, services } = parseProtoFile(
    text.replace('option.enum enum = 2;', 'map map = 2;').replace('{ }', '{ bool to = 1; }'),
  );
  expect(types.map(({ name }) => name)).toEqual(['message', 'stream']);
  expect(services[0]?.rpcs[0]).toMatchObject({
    requestType: 'stream',
    requestStreaming: false,
    responseType: 'stream',
    responseStreaming: true,
  });
});

test('literals in a row, escapes and comments of all kinds', () => {
  const { options } = parseProtoFile(
    '\ufeff// one\r\noption a /* two */ = "x" \'y\'\n# three\n"\\u00e9\\U0001F600\\x41\\101\\?\\d"; option b = "\\377\\xfe";',
  );
  expect(options.map(({ value }) => value)).toEqual([
    { kind: 'string', value: 'xyé😀AA?d' },
    { kind: 'bytes', latin1: '\xff\xfe' },
  ]);
});

describe('limits', () => {
  const tooComplex = (text: string, limit: string): void => {
    expect(() => format.parse(text, [])).toThrow(
      expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX', context: expect.objectContaining({ limit }) }),
    );
  };

  test('nested messages, groups, aggregates and lists are bounded in depth', () => {
    const depth = 30_000;
    tooComplex('message M {'.repeat(depth), 'depthMax');
    tooComplex(`message M {${'optional group G = 1 {'.repeat(depth)}`, 'depthMax');
    tooComplex(`option a = ${'{a:'.repeat(depth)}`, 'depthMax');
    tooComplex(`option a = ${'['.repeat(depth)}`, 'depthMax');
    const deep = (levels: number) => `${'message M {'.repeat(levels)}${'}'.repeat(levels)}`;
    expect(() => format.parse(deep(SCHEMA_LIMITS.depthMax), [])).not.toThrow();
    tooComplex(deep(SCHEMA_LIMITS.depthMax + 1), 'depthMax');
  });

  test('parts are counted over the schema and its imports', () => {
    const half = `enum E { ${'A = 0;'.repeat(60_000)} }`;
    expect(() => format.parse(half, [])).not.toThrow();
    expect(() => format.parse(`import "a.proto"; ${half}`, [{ name: 'a.proto', text: half }])).toThrow(
      expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX', message: expect.stringMatching(/^In "a.proto": /) }),
    );
  });

  test('bytes are bounded in the text, and in the text as it is printed', () => {
    tooComplex(`// ${'é'.repeat(600_000)}`, 'textBytesMax');
    const levels = 150;
    const values = 'a:1 '.repeat(5_000);
    const wide = `option o = ${'{a:'.repeat(levels)}{${values}}${'}'.repeat(levels)};`;
    const schema = format.parse(wide, []);
    expect(() => format.canonicalText(schema)).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }));
  });

  test('a serialized descriptor is bounded in depth', () => {
    // DescriptorProto.nested_type within itself, each level two bytes and the length of the rest.
    let bytes = Buffer.from([0x0a, 0x01, 0x41]);
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
    for (let level = 0; level < 1_000; level++) {
      bytes = Buffer.concat([Buffer.from([0x0a, 0x01, 0x41, 0x1a, ...varint(bytes.length)]), bytes]);
    }
    const file = Buffer.concat([Buffer.from([0x22, ...varint(bytes.length)]), bytes]);
    expect(() => format.parse(file.toString('base64'), [])).toThrow(/nested too deep/);
  });
});

test('bytes in base64 that are no descriptor are refused as a text is', () => {
  expect(() => format.parse('bm9uc2Vuc2Uh', [])).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }));
});
