import { expect, test } from '@jest/globals';
import { protobufFormat as format } from '#libs/formats/protobuf';

/** Of texts that are within all limits: what would take minutes if any step were quadratic takes a moment. */
const count = 20_000;
const lines = (line: (index: number) => string, times = count): string =>
  Array.from({ length: times }, (_, index) => line(index)).join('\n');

const header = 'syntax = "proto2"; import "google/protobuf/descriptor.proto";';
const TEXTS: readonly [string, string][] = [
  [
    'fields and reserved numbers',
    `${header} message M { ${lines((i) => `optional int32 f${i} = ${20_000 + 2 * i};`)} ${lines((i) => `reserved ${20_001 + 2 * i};`)} }`,
  ],
  [
    'statements of one custom option',
    `${header} message O { repeated string s = 1; optional O o = 2; } extend google.protobuf.FileOptions { optional O x = 50000; } ${lines(() => 'option (x).s = "y";')}`,
  ],
  [
    'one long aggregate',
    `${header} message O { repeated int32 s = 1; } extend google.protobuf.FileOptions { optional O x = 50000; } option (x) = { ${lines((i) => `s: ${i}`)} };`,
  ],
  [
    'a wide message and a wide aggregate',
    `${header} message O { ${lines((i) => `optional int32 f${i} = ${20_000 + i};`, 10_000)} } extend google.protobuf.FileOptions { optional O x = 50000; } option (x) = { ${lines((i) => `f${i}: 1`, 10_000)} };`,
  ],
  [
    'extend blocks',
    `${header} message M { extensions 20000 to max; } ${lines((i) => `extend M { optional int32 e${i} = ${20_000 + i}; }`)}`,
  ],
  [
    'one long extend block',
    `${header} message M { extensions 20000 to max; } extend M { ${lines((i) => `optional int32 e${i} = ${20_000 + i};`)} }`,
  ],
  [
    'an enum and its defaults',
    `${header} enum E { ${lines((i) => `V${i} = ${i};`, 10_000)} } message M { ${lines((i) => `optional E f${i} = ${20_000 + i} [default = V${9_999 - i}];`, 10_000)} }`,
  ],
  [
    'messages that refer to each other',
    `${header} ${lines((i) => `message M${i} { optional M${(i * 7) % 10_000} next = 1; }`, 10_000)}`,
  ],
];

test.each(TEXTS)('%s', (_, text) => {
  const schema = format.parse(text, []);
  const start = performance.now();
  format.validate(schema, { fields: true });
  const normal = format.normalize(schema);
  const back = format.parse(format.formattedText(normal, 'serialized'), []);
  expect(format.equivalent(back, schema)).toBe(true);
  expect(performance.now() - start).toBeLessThan(15_000);
});
