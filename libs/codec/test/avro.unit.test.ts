import { describe, expect, test } from '@jest/globals';
import { decodePayload, encodePayload, type StoredSchema } from '../src/index.ts';
import { stored, thrownBy } from './schemas.ts';

const roundTrip = (schema: StoredSchema, value: unknown, reader?: StoredSchema): unknown =>
  decodePayload(schema, encodePayload(schema, value), 5, { reader });
const record = (...fields: object[]): StoredSchema => stored('AVRO', { type: 'record', name: 'shop.Order', fields });

describe('values', () => {
  test('a long is a bigint and loses nothing', () => {
    const schema = stored('AVRO', '"long"');
    for (const value of [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(roundTrip(schema, value)).toBe(value);
    }
    expect(roundTrip(schema, 42)).toBe(42n);
  });

  test('the bytes of longs are those of the specification', () => {
    const schema = stored('AVRO', '"long"');
    const bytes = (value: bigint): string => encodePayload(schema, value).toString('hex', 5);
    expect([0n, -1n, 1n, -64n, 64n, 2n ** 63n - 1n, -(2n ** 63n)].map(bytes)).toEqual([
      '00',
      '01',
      '02',
      '7f',
      '8001',
      'feffffffffffffffff01',
      'ffffffffffffffffff01',
    ]);
  });

  test('a decimal is exact text, in bytes as in fixed', () => {
    const bytes = stored('AVRO', { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 });
    const fixed = stored('AVRO', { type: 'fixed', name: 'D', size: 4, logicalType: 'decimal', precision: 9, scale: 2 });
    expect(roundTrip(bytes, '123456789012345678901234567.89')).toBe('123456789012345678901234567.89');
    expect(roundTrip(bytes, '-12.5')).toBe('-12.50');
    expect(roundTrip(bytes, '0.00')).toBe('0.00');
    expect(roundTrip(fixed, '-1234567.89')).toBe('-1234567.89');
    expect(thrownBy(() => encodePayload(bytes, '1.234')).message).toContain('2 of them behind the point');
    expect(thrownBy(() => encodePayload(fixed, '12345678.90')).message).toContain('at most 9 digits');
    expect(encodePayload(bytes, '-1.28').toString('hex', 5)).toBe('0280');
    expect(encodePayload(bytes, '1.28').toString('hex', 5)).toBe('040080');
  });

  test('bytes come from any Uint8Array', () => {
    const schema = record({ name: 'b', type: 'bytes' }, { name: 'f', type: { type: 'fixed', name: 'F', size: 2 } });
    expect(roundTrip(schema, { b: new Uint8Array([1, 2]), f: new Uint8Array([3, 4]) })).toEqual({
      b: Buffer.of(1, 2),
      f: Buffer.of(3, 4),
    });
  });

  test('a union is plain where the kind of value tells the branch, null, int, long, string and bytes together', () => {
    const schema = stored('AVRO', ['null', 'int', 'long', 'string', 'bytes', { type: 'array', items: 'int' }]);
    for (const value of [null, 7, 7n, 'seven', Buffer.of(7), [7]]) expect(roundTrip(schema, value)).toEqual(value);
  });

  test('a union with two records says which, by full name', () => {
    const branch = (name: string): object => ({ type: 'record', name, fields: [{ name: 'x', type: 'int' }] });
    const schema = stored('AVRO', ['null', branch('pay.Card'), branch('pay.Cash')]);
    expect(roundTrip(schema, { 'pay.Cash': { x: 1 } })).toEqual({ 'pay.Cash': { x: 1 } });
    expect(roundTrip(schema, null)).toBeNull();
    expect(thrownBy(() => encodePayload(schema, { x: 1 })).message).toContain(
      'one of null, pay.Card, pay.Cash expected',
    );
    expect(thrownBy(() => encodePayload(schema, { 'pay.Card': { x: 'y' } })).message).toContain('$["pay.Card"].x');
  });

  test('absent fields take their defaults, also beyond 2^53 and of a union branch that is not the first', () => {
    const schema = stored(
      'AVRO',
      `{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9007199254740993},
        {"name":"b","type":["null","string"],"default":"x"},{"name":"c","type":{"type":"map","values":"long"},"default":{"k":1}}]}`,
    );
    expect(roundTrip(schema, {})).toEqual({ a: 9007199254740993n, b: 'x', c: { k: 1n } });
  });

  test('a map may have any key', () => {
    const schema = stored('AVRO', { type: 'map', values: 'int' });
    const value = JSON.parse('{"__proto__":1,"constructor":2}') as object;
    const read = roundTrip(schema, value) as object;
    expect(Object.entries(read)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test('types of other schemas are known by their names', () => {
    const schema = stored('AVRO', { type: 'record', name: 'a.Order', fields: [{ name: 'at', type: 'b.Place' }] }, [
      { name: 'b.City', text: '{"type":"enum","name":"b.City","symbols":["ROME"]}' },
      { name: 'b.Place', text: '{"type":"record","name":"b.Place","fields":[{"name":"city","type":"City"}]}' },
    ]);
    expect(roundTrip(schema, { at: { city: 'ROME' } })).toEqual({ at: { city: 'ROME' } });
  });

  test('a recursive type is read and written', () => {
    const schema = record({ name: 'next', type: ['null', 'Order'], default: null });
    expect(roundTrip(schema, { next: { next: {} } })).toEqual({ next: { next: { next: null } } });
  });
});

describe('resolution', () => {
  test('fields come by name and alias, new ones from their defaults, old ones go', () => {
    const writer = record(
      { name: 'a', type: 'int' },
      { name: 'gone', type: 'string' },
      { name: 'old', type: 'string' },
    );
    const reader = record(
      { name: 'b', type: 'string', default: 'new' },
      { name: 'renamed', type: 'string', aliases: ['old'] },
      { name: 'a', type: 'long' },
    );
    expect(roundTrip(writer, { a: 1, gone: 'x', old: 'y' }, reader)).toEqual({ b: 'new', renamed: 'y', a: 1n });
  });

  test('numbers are promoted, a long to a double, too', () => {
    const pairs: [string, string, unknown, unknown][] = [
      ['int', 'long', 5, 5n],
      ['long', 'double', 5n, 5],
      ['long', 'float', 5n, 5],
      ['int', 'double', 5, 5],
      ['string', 'bytes', 'x', Buffer.from('x')],
      ['bytes', 'string', Buffer.from('x'), 'x'],
    ];
    for (const [writer, reader, given, read] of pairs) {
      expect(roundTrip(stored('AVRO', `"${writer}"`), given, stored('AVRO', `"${reader}"`))).toEqual(read);
    }
  });

  test('into a union goes the branch that is the same, not the first that would do', () => {
    expect(roundTrip(stored('AVRO', '"int"'), 5, stored('AVRO', ['double', 'int', 'null']))).toEqual({ int: 5 });
    expect(roundTrip(stored('AVRO', ['null', 'int']), 5, stored('AVRO', ['null', 'long']))).toBe(5n);
  });

  test('a symbol that the reader does not know becomes its default', () => {
    const symbols = (more: object): StoredSchema => stored('AVRO', { type: 'enum', name: 'E', ...more });
    const reader = symbols({ symbols: ['A', 'OTHER'], default: 'OTHER' });
    expect(roundTrip(symbols({ symbols: ['A', 'B'] }), 'B', reader)).toBe('OTHER');
  });

  test('a decimal is read with the scale that it was written with', () => {
    const decimal = (scale: number): StoredSchema =>
      stored('AVRO', { type: 'bytes', logicalType: 'decimal', precision: 9, scale });
    expect(roundTrip(decimal(2), '1.25', decimal(4))).toBe('1.25');
  });

  test('schemas that do not go together are refused', () => {
    const error = thrownBy(() => roundTrip(stored('AVRO', '"string"'), 'x', stored('AVRO', '"int"')));
    expect(error).toMatchObject({ code: 'SCHEMA_INVALID' });
  });
});

describe('refusals', () => {
  const line = { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] };
  const order = record(
    { name: 'id', type: 'string' },
    { name: 'lines', type: { type: 'array', items: line }, default: [] },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['NEW'] }, default: 'NEW' },
    { name: 'note', type: ['null', 'string'], default: null },
  );
  const messageOf = (value: unknown): string => thrownBy(() => encodePayload(order, value)).message;

  test('an error names topic, subject, version, path and value', () => {
    const origin = { topic: 'orders.placed', subject: 'orders.placed-value', version: 3 };
    const error = thrownBy(() => encodePayload(order, { id: 'x', lines: [{ sku: 'a' }, { sku: 5 }] }, origin));
    expect(error).toMatchObject({
      code: 'PAYLOAD_INVALID',
      context: { ...origin, schemaId: 17, path: '$.lines[1].sku', value: '5' },
    });
    expect(error.message).toBe(
      'event for topic orders.placed does not match orders.placed-value version 3 (schema 17): ' +
        '$.lines[1].sku: a string that is well-formed Unicode expected, and it is 5',
    );
  });

  test('a member without a field is refused and not dropped', () => {
    expect(messageOf({ id: 'x', nota: 'lost' })).toContain('$.nota');
    expect(messageOf({ id: 'x', lines: [{ sku: 'a', qty: 1 }] })).toContain('$.lines[0].qty');
    expect(roundTrip(order, { id: 'x', note: undefined })).toMatchObject({ note: null });
  });

  test('a symbol is not whatever every object has', () => {
    expect(messageOf({ id: 'x', status: 'constructor' })).toContain('one of NEW expected');
  });

  test('text that UTF-8 cannot carry is refused', () => {
    expect(messageOf({ id: '\ud800' })).toContain('well-formed');
  });

  test('a secret is not shown, a long value is cut', () => {
    const schema = record({ name: 'password', type: 'int' });
    expect(thrownBy(() => encodePayload(schema, { password: 'hunter2' })).message).not.toContain('hunter2');
    expect(messageOf({ id: { long: 'x'.repeat(500) } }).length).toBeLessThan(300);
  });
});

describe('damaged bytes', () => {
  const schema = stored('AVRO', { type: 'array', items: 'null' });
  const decode = (schema: StoredSchema, hex: string) =>
    thrownBy(() => decodePayload(schema, Buffer.from(hex, 'hex'), 0));

  test('a count that the bytes cannot hold is refused before anything is made of it', () => {
    expect(decode(schema, 'feffffffffffffff7f').message).toContain('a block of');
    expect(decode(stored('AVRO', { type: 'map', values: 'int' }), 'feffffff0f').message).toContain('a block of');
    expect(decode(stored('AVRO', { type: 'array', items: 'string' }), 'feffffff0f').message).toContain('a block of');
  });

  test('bytes that end early or late are refused', () => {
    expect(decode(stored('AVRO', '"string"'), '0a61').message).toContain('ends too early');
    expect(decode(stored('AVRO', '"int"'), '0200').message).toContain('1 bytes are left over');
    expect(decode(stored('AVRO', ['null', 'int']), '08').message).toContain('no such branch');
  });

  test('nesting without end is an error like any other', () => {
    const endless = stored('AVRO', {
      type: 'record',
      name: 'L',
      fields: [{ name: 'next', type: ['L', 'null'] }],
    });
    expect(decode(endless, '00'.repeat(10)).code).toBe('PAYLOAD_INVALID');
  });
});
