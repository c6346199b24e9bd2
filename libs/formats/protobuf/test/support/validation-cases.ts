/** A text with what validation says of it: null when it is valid. protoc 3.21 decides the same on every case, but where `protoc` says otherwise. */
export interface ValidationCase {
  readonly text: string;
  readonly error: RegExp | null;
  /** What protoc 3.21 says where it decides differently, and why that is meant. */
  readonly protoc?: string;
}

const p3 = 'syntax = "proto3"; ';
const p2 = 'syntax = "proto2"; ';

export const VALIDATION_CASES: readonly ValidationCase[] = [
  // Numbers
  { text: `${p3}message M { int32 a = 1; int32 b = 536870911; }`, error: null },
  { text: `${p3}message M { int32 a = 0; }`, error: /^line 1, column 32: .*"a" is 0: it has to be positive/ },
  { text: `${p3}message M { int32 a = 536870912; }`, error: /"a" is 536870912: the highest one is 536870911/ },
  { text: `${p3}message M { int32 a = 18999; int32 b = 20000; }`, error: null },
  { text: `${p3}message M { int32 a = 19000; }`, error: /protobuf keeps 19000 to 19999/ },
  { text: `${p3}message M { int32 a = 19999; }`, error: /protobuf keeps 19000 to 19999/ },
  {
    text: `${p3}message M { int32 a = 1; oneof o { string b = 1; } }`,
    error: /Number 1 is used by "a" and "b" of "M"/,
  },
  // Reserved
  { text: `${p3}message M { reserved 1, 3 to 5; int32 a = 2; int32 b = 6; }`, error: null },
  { text: `${p3}message M { reserved 3 to 5; int32 a = 4; }`, error: /"a" uses number 4, which "M" reserves/ },
  {
    text: `${p3}message M { reserved 3 to max; int32 a = 536870911; }`,
    error: /"a" uses number 536870911, which "M" reserves/,
  },
  { text: `${p3}message M { reserved "a"; int32 a = 4; }`, error: /"a" has a name that "M" reserves/ },
  { text: `${p3}message M { reserved 5 to 3; }`, error: /5 to 3 is no range/, protoc: 'checks it from 22 on' },
  { text: `${p3}message M { reserved 0; }`, error: /0 to 0 is no range/ },
  { text: `${p3}message M { reserved 1 to 5, 5 to 6; }`, error: /range from 5 in "M" overlaps/ },
  { text: `${p3}enum E { A = 0; reserved -5 to -1, 7; reserved "B"; C = 8; }`, error: null },
  { text: `${p3}enum E { A = 0; B = -3; reserved -5 to -1; }`, error: /"B" uses number -3, which "E" reserves/ },
  { text: `${p3}enum E { A = 0; reserved "A"; }`, error: /"A" has a name that "E" reserves/ },
  { text: `${p3}enum E { A = 0; reserved 2 to max, 2147483647; }`, error: /range from 2147483647 in "E" overlaps/ },
  // Names
  { text: `${p3}message M {} message M {}`, error: /^line 1, column 33: "M" is defined twice/ },
  { text: `${p3}package p; message M {} enum M { A = 0; }`, error: /"p\.M" is defined twice/ },
  { text: `${p3}message M { int32 a = 1; string a = 2; }`, error: /"M\.a" is defined twice/ },
  { text: `${p3}message M { int32 o = 1; oneof o { int32 b = 2; } }`, error: /"M\.o" is defined twice/ },
  { text: `${p3}enum E { A = 0; } enum F { A = 0; }`, error: /"A" is defined twice/ },
  { text: `${p3}message M { enum E { A = 0; } } enum F { A = 0; }`, error: null },
  { text: `${p3}message M { map<int32, int32> x_y = 1; message XYEntry {} }`, error: /"M\.XYEntry" is defined twice/ },
  {
    text: `${p3}message M {} service S { rpc A (M) returns (M); rpc A (M) returns (M); }`,
    error: /"S\.A" is defined twice/,
  },
  {
    text: `${p3}import "shop/address.proto"; package shop.customers; message Address {}`,
    error: /defined here and in the imported file "shop\/address.proto"/,
  },
  // Types
  { text: `${p3}message M { Unknown a = 1; }`, error: /"Unknown" is not defined, the type of field "a"/ },
  { text: `${p3}message M { .M a = 1; N b = 2; message N { M up = 1; } }`, error: null },
  { text: `${p3}message M { N b = 2; } message O { message N {} }`, error: /"N" is not defined/ },
  { text: `${p3}message M { map<string, Nowhere> a = 1; }`, error: /"Nowhere" is not defined/ },
  { text: `${p3}import "shop/customer.proto"; message M { shop.customers.Address a = 1; }`, error: null },
  { text: `${p3}message M {} enum E { A = 0; } service S { rpc R (M) returns (E); }`, error: /"E" is no message/ },
  { text: `${p3}message M {} service S { rpc R (M) returns (N); }`, error: /"N" is not defined/ },
  { text: `${p3}import "no/such.proto"; message M {}`, error: /import "no\/such.proto" is missing: add a reference/ },
  {
    text: `${p3}import "google/type/money.proto"; message M { google.type.Money m = 1; }`,
    error: null,
    protoc: 'knows only its own imports',
  },
  {
    text: `${p3}import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp t = 1; }`,
    error: null,
  },
  // Syntax
  { text: `${p2}message M { optional int32 a = 1; required int32 b = 2; }`, error: null },
  { text: `${p2}message M { int32 a = 1; }`, error: /in proto2 a field is optional, required or repeated/ },
  { text: `message M { int32 a = 1; }`, error: /in proto2 a field is optional, required or repeated/ },
  { text: `${p3}message M { optional int32 a = 1; }`, error: null },
  { text: `${p3}message M { required int32 a = 1; }`, error: /proto3 has no required fields/ },
  { text: `${p3}message M { repeated group G = 1 { } }`, error: /groups belong to proto2/ },
  { text: `${p3}message M { int32 a = 1 [default = 1]; }`, error: /proto3 has no defaults/ },
  { text: `${p3}message M { extensions 1 to 5; }`, error: /extension ranges, which proto3 does not know/ },
  { text: `${p3}message M { oneof o { } }`, error: /Oneof "o" has no field/ },
  { text: `${p3}message M { map<float, int32> m = 1; }`, error: /key of a map cannot be of type float/ },
  { text: `${p3}message M { map<bytes, int32> m = 1; }`, error: /key of a map cannot be of type bytes/ },
  // Enums
  { text: `${p3}enum E { A = 0; B = -1; }`, error: null },
  { text: `${p3}enum E { A = 1; }`, error: /^line 1, column 29: The first value of enum "E" has to be 0/ },
  { text: `${p2}enum E { A = 1; }`, error: null },
  { text: `${p3}enum E { }`, error: /Enum "E" has no value/ },
  { text: `${p3}enum E { A = 0; B = 0; }`, error: /"A" and "B" of enum "E" are both 0/ },
  { text: `${p3}enum E { option allow_alias = true; A = 0; B = 0; }`, error: null },
  {
    text: `${p2}enum E { A = 1; } message M { map<int32, E> m = 1; }`,
    error: /first value of enum "E" has to be 0 in a map/,
  },
  // Defaults
  {
    text: `${p2}message M { optional int32 a = 1 [default = 2147483648]; }`,
    error: /"a" does not fit: expected an integer from/,
  },
  { text: `${p2}message M { optional int32 a = 1 [default = 1.5]; }`, error: /expected an integer/ },
  { text: `${p2}message M { optional uint32 a = 1 [default = -1]; }`, error: /expected an integer from 0/ },
  { text: `${p2}message M { optional bool a = 1 [default = 1]; }`, error: /expected true or false/ },
  { text: `${p2}message M { optional string a = 1 [default = b]; }`, error: /expected a string in quotes/ },
  {
    text: `${p2}enum E { A = 1; } message M { optional E a = 1 [default = B]; }`,
    error: /expected the name of a value of enum E/,
  },
  { text: `${p2}message M { repeated int32 a = 1 [default = 1]; }`, error: /"a" cannot have a default/ },
  { text: `${p2}message M { optional M a = 1 [default = "x"]; }`, error: /"a" cannot have a default/ },
  // Extensions
  { text: `${p2}message M { extensions 5 to 9; } extend M { optional int32 a = 5; }`, error: null },
  {
    text: `${p2}message M { extensions 5 to 9; } extend M { optional int32 a = 4; }`,
    error: /leaves number 4 to no extension/,
  },
  {
    text: `${p2}message M { extensions 5 to 9; optional int32 b = 6; }`,
    error: /number 6, which "M" leaves to extensions/,
  },
  { text: `${p2}message M { extensions 5 to 9; } extend M { required int32 a = 5; }`, error: /cannot be required/ },
  {
    text: `${p2}message M { extensions 5 to 9; } extend M { optional int32 a = 5; optional int32 b = 5; }`,
    error: /extend "M" by one number, 5/,
  },
  { text: `${p2}extend Nobody { optional int32 a = 5; }`, error: /"Nobody" is not defined, which is to be extended/ },
  {
    text: `${p3}import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { string note = 50000; } message M { int32 a = 1 [(note) = "x"]; }`,
    error: null,
  },
  // Options
  {
    text: `${p3}import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { int32 note = 50000; } message M { int32 a = 1 [(note) = "x"]; }`,
    error: /Option "\(note\)": expected an integer/,
  },
  { text: `${p3}option java_multiple_files = 1;`, error: /Option "java_multiple_files": expected true or false/ },
  { text: `${p3}option optimize_for = FAST;`, error: /Option "optimize_for": enum OptimizeMode has no value "FAST"/ },
  {
    text: `${p3}message M { int32 a = 1 [(unknown.option) = 1]; }`,
    error: null,
    protoc: 'refuses; registries take options of imports that were never uploaded',
  },
];
