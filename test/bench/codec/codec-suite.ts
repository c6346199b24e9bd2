import { Ajv } from 'ajv';
import avro from 'avsc';
import protobuf from 'protobufjs';
import { decodePayload, encodePayload, type StoredSchema } from '#libs/codec';
import type { Measurement } from '../measurement.ts';
import { compare, type Run } from '../rounds.ts';
import { AVRO, JSON_SCHEMA, order, PROTOBUF } from './order.ts';

/** Calls per run: a few milliseconds, so that a disturbance of the machine meets both sides alike. */
const CALLS = 4_000;
const TURNS = 40;
const PREFIX = Buffer.of(0, 0, 0, 0, 7);
const INDEXES = Buffer.of(0);

interface Side {
  readonly encode: () => unknown;
  readonly decode: () => unknown;
}

interface Contest {
  readonly format: string;
  readonly library: string;
  readonly ours: Side;
  /** The library as it comes: 64-bit numbers as numbers, enums as numbers, nothing checked that it does not check. */
  readonly bare: Side;
}

/** Encoding and decoding in the wire format, against the libraries used bare with the same five bytes before the value. */
export const codecSuite: readonly Measurement[] = [avroContest, protobufContest, jsonContest].map((contest) => ({
  name: contest.name.replace('Contest', ''),
  run: async ({ options }, found) => {
    const { format, library, ours, bare } = contest();
    for (const what of ['encode', 'decode'] as const) {
      found(
        await compare({
          row: '6',
          what: `${format} ${what}, against ${library} bare`,
          unit: 'payloads',
          rounds: options.rounds,
          turns: TURNS,
          measured: () => timed(ours[what]),
          floor: () => timed(bare[what]),
          atLeast: 0.85,
          details: { calls: CALLS, turns: TURNS, bytes: (ours.encode() as Buffer).length },
        }),
      );
    }
  },
}));

function avroContest(): Contest {
  const schema = stored('AVRO', JSON.stringify(AVRO));
  const type = avro.Type.forSchema(AVRO as avro.Schema);
  const exact = order(BigInt);
  const plain = order(Number);
  const bytes = encodePayload(schema, exact);
  const ours = { encode: () => encodePayload(schema, exact), decode: () => decodePayload(schema, bytes, 5) };
  const bare = {
    encode: () => Buffer.concat([PREFIX, type.toBuffer(plain)]),
    decode: (): unknown => type.fromBuffer(bytes.subarray(5)),
  };
  return { format: 'Avro', library: 'avsc', ours, bare };
}

function protobufContest(): Contest {
  const schema = stored('PROTOBUF', PROTOBUF);
  const type = protobuf.parse(PROTOBUF, { keepCase: true }).root.lookupType('OrderPlaced');
  const exact = order(BigInt);
  const plain = order(Number);
  const bytes = encodePayload(schema, exact);
  const ours = { encode: () => encodePayload(schema, exact), decode: () => decodePayload(schema, bytes, 5) };
  const bare = {
    encode: () => Buffer.concat([PREFIX, INDEXES, type.encode(plain).finish()]),
    decode: () => type.decode(bytes.subarray(6)),
  };
  return { format: 'Protobuf', library: 'protobufjs', ours, bare };
}

function jsonContest(): Contest {
  const schema = stored('JSON', JSON.stringify(JSON_SCHEMA));
  const validate = new Ajv({ strict: false }).compile(JSON_SCHEMA);
  const value = order(Number);
  const bytes = encodePayload(schema, value);
  const ours = { encode: () => encodePayload(schema, value), decode: () => decodePayload(schema, bytes, 5) };
  const checked = (given: unknown): unknown => {
    if (!validate(given)) throw new Error('the value of the measurement is not valid');
    return given;
  };
  const bare = {
    encode: () => Buffer.concat([PREFIX, Buffer.from(JSON.stringify(checked(value)))]),
    decode: () => checked(JSON.parse(bytes.toString('utf8', 5))),
  };
  return { format: 'JSON Schema', library: 'ajv and JSON', ours, bare };
}

function stored(schemaType: StoredSchema['schemaType'], text: string): StoredSchema {
  return { id: 7, schemaType, text, dependencies: [] };
}

function timed(call: () => unknown): Promise<Run> {
  const start = performance.now();
  for (let count = 0; count < CALLS; count += 1) call();
  return Promise.resolve({ units: CALLS, ms: performance.now() - start });
}
