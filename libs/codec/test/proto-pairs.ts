import fc from 'fast-check';

/** A file with one message to write, and values of it, as they read back. */
export interface ProtoPair {
  readonly text: string;
  readonly value: fc.Arbitrary<unknown>;
}

interface FieldKind {
  readonly type: string;
  readonly value: fc.Arbitrary<unknown>;
  readonly mapKey?: fc.Arbitrary<string>;
}

const text = fc
  .string({ unit: 'binary', maxLength: 50 })
  .filter((value) => (value as unknown as { isWellFormed(): boolean }).isWellFormed());
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint32 = fc.nat(2 ** 32 - 1);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const keys = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<string> => value.map(String);

const KINDS: readonly FieldKind[] = [
  { type: 'double', value: fc.double({ noNaN: true }) },
  { type: 'float', value: fc.float({ noNaN: true }) },
  ...['int32', 'sint32', 'sfixed32'].map((type) => ({ type, value: int32, mapKey: keys(int32) })),
  ...['uint32', 'fixed32'].map((type) => ({ type, value: uint32, mapKey: keys(uint32) })),
  ...['int64', 'sint64', 'sfixed64'].map((type) => ({ type, value: int64, mapKey: keys(int64) })),
  ...['uint64', 'fixed64'].map((type) => ({ type, value: uint64, mapKey: keys(uint64) })),
  { type: 'bool', value: fc.boolean(), mapKey: keys(fc.boolean()) },
  { type: 'string', value: text, mapKey: text },
  { type: 'bytes', value: fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value)) },
  { type: 'Color', value: fc.constantFrom('NO_COLOR', 'RED', 'GREEN', 77) },
  { type: 'Point', value: fc.record({ x: int32, name: text }, { noNullPrototype: true }) },
];
const FILE = 'syntax = "proto3"; package p;';
const TYPES = 'message Point { int32 x = 1; string name = 2; } enum Color { NO_COLOR = 0; RED = 1; GREEN = -5; }';

interface Member {
  readonly source: string;
  readonly value: fc.Arbitrary<unknown>;
  readonly optional: boolean;
}

const member = (name: string, id: number): fc.Arbitrary<Member> =>
  fc
    .record({
      kind: fc.constantFrom(...KINDS),
      shape: fc.constantFrom('plain', 'optional', 'list', 'map'),
      key: fc.constantFrom(...KINDS),
    })
    .map(({ kind: { type, value }, shape, key }): Member => {
      if (shape === 'list')
        return {
          source: `repeated ${type} ${name} = ${id};`,
          value: fc.array(value, { maxLength: 4 }),
          optional: false,
        };
      if (shape === 'map' && key.mapKey !== undefined) {
        const map = fc.dictionary(key.mapKey, value, { maxKeys: 4, noNullPrototype: true });
        return { source: `map<${key.type}, ${type}> ${name} = ${id};`, value: map, optional: false };
      }
      const plain = shape === 'plain';
      return {
        source: `${plain ? '' : 'optional '}${type} ${name} = ${id};`,
        value,
        optional: !plain || type === 'Point',
      };
    });

/** Field numbers of one and of two bytes. */
export const protoPair: fc.Arbitrary<ProtoPair> = fc
  .nat(6)
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => member(`some_${index}`, 1 + index * 5))))
  .map((members) => {
    const named = members.map((part, index) => [`some_${index}`, part] as const);
    const value = fc.record(Object.fromEntries(named.map(([name, part]) => [name, part.value])), {
      requiredKeys: named.filter(([, part]) => !part.optional).map(([name]) => name),
      noNullPrototype: true,
    });
    return { text: `${FILE} message M { ${members.map(({ source }) => source).join(' ')} } ${TYPES}`, value };
  });
