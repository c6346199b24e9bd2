import { expect, test } from '@jest/globals';
import { avroFormat } from '../src/index.ts';

const normalize = (text: string, references: readonly string[] = []): string =>
  avroFormat.canonicalText(
    avroFormat.normalize(
      avroFormat.parse(
        text,
        references.map((reference, index) => ({ name: String(index), text: reference })),
      ),
    ),
  );
const record = (fields: string, more = ''): string => `{"type":"record","name":"R"${more},"fields":[${fields}]}`;

test.each([
  [
    'properties are sorted at every depth',
    '{"type":"string","b":{"z":1,"a":[{"y":1,"x":2}]},"a":null,"10":1,"9":2}',
    '{"type":"string","10":1,"9":2,"a":null,"b":{"a":[{"x":2,"y":1}],"z":1}}',
  ],
  [
    'the parts of a valid logical type lead',
    '{"type":"bytes","a":1,"scale":2,"precision":4,"logicalType":"decimal"}',
    '{"type":"bytes","logicalType":"decimal","precision":4,"scale":2,"a":1}',
  ],
  [
    'a scale of 0 is sorted with the other properties',
    '{"type":"bytes","z":1,"scale":0,"precision":4,"logicalType":"decimal","a":1}',
    '{"type":"bytes","logicalType":"decimal","precision":4,"a":1,"scale":0,"z":1}',
  ],
  [
    'those of an invalid one are properties like others',
    '{"type":"int","logicalType":"uuid","a":1}',
    '{"type":"int","a":1,"logicalType":"uuid"}',
  ],
  [
    'aliases are sorted',
    '{"type":"fixed","name":"n.F","size":1,"aliases":["z","m.a","b"]}',
    '{"type":"fixed","name":"F","namespace":"n","size":1,"aliases":["m.a","b","z"]}',
  ],
  [
    'an empty doc of a type goes, one of a field stays',
    record('{"name":"f","type":{"type":"enum","name":"E","symbols":["B","A"],"doc":""},"doc":""}', ',"doc":""'),
    record('{"name":"f","type":{"type":"enum","name":"E","symbols":["B","A"]},"doc":""}'),
  ],
  ['errors become records', '{"type":"error","name":"R","fields":[]}', '{"type":"record","name":"R","fields":[]}'],
  [
    'defaults take the form of their types',
    record(
      '{"name":"a","type":"double","default":1},{"name":"b","type":"float","default":0.123456789},{"name":"c","type":{"type":"map","values":"double"},"default":{"z":1,"a":2.5}},{"name":"d","type":"bytes","default":"\\u00ff\\u4e2d"},{"name":"e","type":{"type":"array","items":"float"},"default":[1]}',
    ),
    record(
      '{"name":"a","type":"double","default":1.0},{"name":"b","type":"float","default":0.12345679},{"name":"c","type":{"type":"map","values":"double"},"default":{"a":2.5,"z":1.0}},{"name":"d","type":"bytes","default":"ÿ?"},{"name":"e","type":{"type":"array","items":"float"},"default":[1.0]}',
    ),
  ],
  [
    'a default of a record has its members sorted and typed',
    record(
      '{"name":"s","type":{"type":"record","name":"S","fields":[{"name":"y","type":"double"},{"name":"x","type":"int"}]},"default":{"y":2,"x":1}}',
    ),
    record(
      '{"name":"s","type":{"type":"record","name":"S","fields":[{"name":"y","type":"double"},{"name":"x","type":"int"}]},"default":{"x":1,"y":2.0}}',
    ),
  ],
  [
    'a default of a later branch stays',
    record('{"name":"f","type":["null","string"],"default":"x"}'),
    record('{"name":"f","type":["null","string"],"default":"x"}'),
  ],
  [
    'order, aliases and properties of fields',
    record('{"name":"f","type":"int","zz":1,"aa":2,"aliases":["q","p"],"order":"descending"}'),
    record('{"name":"f","type":"int","order":"descending","aliases":["p","q"],"aa":2,"zz":1}'),
  ],
  [
    'names keep their namespaces',
    record(
      '{"name":"a","type":{"type":"fixed","name":"F","namespace":"","size":1}},{"name":"b","type":"F"}',
      ',"namespace":"n"',
    ),
    record(
      '{"name":"a","type":{"type":"fixed","name":"F","namespace":"","size":1}},{"name":"b","type":"F"}',
      ',"namespace":"n"',
    ),
  ],
])('%s', (_, text, expected) => {
  expect(normalize(text)).toBe(expected);
});

test('referenced types stay references', () => {
  const money = '{"type":"record","name":"a.Money","fields":[]}';
  const text = '{"type":"record","name":"a.R","fields":[{"name":"m","type":"Money","z":1,"a":2}]}';
  expect(normalize(text, [money])).toBe(
    '{"type":"record","name":"R","namespace":"a","fields":[{"name":"m","type":"Money","a":2,"z":1}]}',
  );
});
