export interface NumberedSchema {
  readonly schemaType: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly schema: string;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

/** What version 1 of every subject has to be, for the schemas that refer to it. */
export const BASE: NumberedSchema = {
  schemaType: 'AVRO',
  schema: '{"type":"record","name":"Base","fields":[]}',
};

/**
 * A schema for each number, different from that of any other, in the three formats and with references to the first
 * versions of the subjects: registering one that refers to another subject takes two locks, in an order of their own.
 */
export function numberedSchema(number: number, subjects: readonly string[]): NumberedSchema {
  switch (number % 4) {
    case 0:
      return {
        schemaType: 'JSON',
        schema: `{"type":"object","properties":{"n${number}":{"type":"number"}},"additionalProperties":false}`,
      };
    case 1:
      return { schemaType: 'PROTOBUF', schema: `syntax = "proto3"; message N${number} { string a = 1; }` };
    case 2: {
      const subject = subjects[(number >> 2) % subjects.length]!;
      return {
        schemaType: 'AVRO',
        schema: `{"type":"record","name":"N${number}","fields":[{"name":"base","type":"Base"}]}`,
        references: [{ name: 'Base', subject, version: 1 }],
      };
    }
    default:
      return {
        schemaType: 'AVRO',
        schema: `{"type":"record","name":"N${number}","fields":[{"name":"a","type":"long"}]}`,
      };
  }
}
