import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { messageNames, parseSchema, type ProtobufSchema, protobufFormat as format } from '#libs/formats/protobuf';
import { arbitrarySchemaText, OPTION_IMPORT } from './support/arbitrary-schema.ts';

const parse = (text: string): ProtobufSchema => parseSchema(text, [OPTION_IMPORT]);
const anySchema = arbitrarySchemaText.map((text) => ({ text, schema: parse(text) }));
const options = { numRuns: 100 };

test('generated schemas are valid, and so are their canonical and normal texts', () => {
  fc.assert(
    fc.property(anySchema, ({ schema }) => {
      for (const each of [
        schema,
        parse(format.canonicalText(schema)),
        parse(format.canonicalText(format.normalize(schema))),
      ]) {
        expect(() => format.validate(each, { fields: true })).not.toThrow();
      }
    }),
    options,
  );
});

test('normalizing twice is normalizing once, keeps the order of messages, and is equivalent', () => {
  fc.assert(
    fc.property(anySchema, ({ schema }) => {
      const normal = format.normalize(schema);
      const text = format.canonicalText(normal);
      expect(format.canonicalText(format.normalize(normal))).toBe(text);
      expect(format.canonicalText(format.normalize(parse(text)))).toBe(text);
      expect(messageNames(normal)).toEqual(messageNames(schema));
      expect(format.equivalent(normal, schema)).toBe(true);
    }),
    options,
  );
});

test('a descriptor reads back as an equivalent schema, whose descriptor is the same', () => {
  fc.assert(
    fc.property(anySchema, ({ schema }) => {
      const normal = format.normalize(schema);
      const serialized = format.formattedText(normal, 'serialized');
      const back = parse(serialized);
      expect(format.equivalent(back, schema)).toBe(true);
      expect(format.formattedText(format.normalize(back), 'serialized')).toBe(serialized);
    }),
    options,
  );
});

/** Its declarations leave out the type that its code has. */
const { FileDescriptorProto } = descriptor as unknown as { FileDescriptorProto: protobuf.Type };

interface DescriptorMessage {
  name: string;
  field: { name: string; number: number; typeName: string; jsonName: string }[];
  nestedType: DescriptorMessage[];
}

test('protobufjs reads the descriptor as it reads the text', () => {
  fc.assert(
    fc.property(anySchema, ({ schema }) => {
      const bytes = Buffer.from(format.formattedText(schema, 'serialized'), 'base64');
      const file = FileDescriptorProto.decode(bytes) as unknown as { messageType: DescriptorMessage[] };
      const { root } = protobuf.parse(format.canonicalText(schema), { keepCase: true });
      root.resolveAll();
      const compare = (messages: readonly DescriptorMessage[], scope: string): void => {
        for (const message of messages) {
          const type = root.lookupType(`${scope}.${message.name}`);
          const expected = type.fieldsArray
            .map(({ name, id }) => [name, id])
            .sort(([, a], [, b]) => Number(a) - Number(b));
          const found = message.field
            .map(({ name, number }) => [name, number])
            .sort(([, a], [, b]) => Number(a) - Number(b));
          expect(found).toEqual(expected);
          const entries = new Set(
            message.field
              .filter(({ name }) => type.fields[name]?.map)
              .map(({ typeName }) => typeName.split('.').at(-1)),
          );
          compare(
            message.nestedType.filter(({ name }) => !entries.has(name)),
            `${scope}.${message.name}`,
          );
        }
      };
      compare(file.messageType, 's');
    }),
    options,
  );
});
