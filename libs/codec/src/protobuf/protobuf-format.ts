import protobuf from 'protobufjs';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Dependency } from '#libs/formats/schema';
import { asBuffer } from '../as-buffer.ts';
import type { Decode, Encode, PayloadFormat } from '../payload-format.ts';
import { decodeMessageIndexes, encodeMessageIndexes } from '../wire/message-indexes.ts';
import { MessageDecoders } from './message-decoder.ts';
import { MessageEncoders } from './message-encoder.ts';
import { type FileMessage, protoFile, type ProtoFile } from './proto-root.ts';

export interface ProtobufSchema {
  readonly file: ProtoFile;
  readonly encoders: MessageEncoders;
  readonly decoders: MessageDecoders;
}

/** Protobuf by protobufjs' parser, reader and writer, with message indexes before the message. */
export const protobufFormat: PayloadFormat<ProtobufSchema> = {
  type: 'PROTOBUF',

  compile(text: string, dependencies: readonly Dependency[]): ProtobufSchema {
    try {
      const file = protoFile(text, dependencies);
      if (file.messages.length === 0) throw new Error('the file has no message');
      return { file, encoders: new MessageEncoders(), decoders: new MessageDecoders() };
    } catch (error) {
      throw new TidemarkError('SCHEMA_INVALID', `the Protobuf schema cannot be used: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },

  encoder({ file, encoders }: ProtobufSchema, message?: string): Encode {
    const write = encoders.encoderOf(messageNamed(file, message).type);
    return (value, prefix) => {
      const writer = protobuf.Writer.create().raw(prefix);
      write(writer, value);
      return asBuffer(writer.finish());
    };
  },

  lead: ({ file }: ProtobufSchema, message?: string): Uint8Array =>
    encodeMessageIndexes(messageNamed(file, message).indexes),

  decoder(writer: ProtobufSchema, reader: ProtobufSchema = writer): Decode {
    const decodes = new Map<FileMessage, (reader: protobuf.Reader) => unknown>();
    return (bytes, offset) => {
      const { message, start } = writtenMessage(writer.file, bytes, offset);
      let decode = decodes.get(message);
      if (decode === undefined) {
        decode = reader.decoders.decoderOf(messageForReader(message, reader.file));
        decodes.set(message, decode);
      }
      const source = protobuf.Reader.create(bytes);
      source.pos = start;
      return decode(source);
    };
  },

  recordName: ({ file }: ProtobufSchema, message?: string): string | undefined =>
    (message === undefined ? file.messages[0] : messageNamed(file, message))?.fullName,
};

function messageNamed({ messages }: ProtoFile, name: string | undefined): FileMessage {
  const [first] = messages;
  if (name === undefined && first !== undefined) return first;
  const found = messages.find(({ fullName }) => fullName === name);
  if (found !== undefined) return found;
  throw new TidemarkError('SCHEMA_INVALID', `the file has no message ${name}`, {
    remedy: `Name one of its messages: ${messages
      .map(({ fullName }) => fullName)
      .slice(0, 20)
      .join(', ')}.`,
  });
}

/**
 * The message that the bytes hold, and where it starts. The KafkaJS client writes the first message of the file without
 * indexes; the tag of a field in their place names no message of any real file, and that is how such bytes are known.
 */
function writtenMessage(file: ProtoFile, bytes: Buffer, offset: number): { message: FileMessage; start: number } {
  const [first] = file.messages as [FileMessage, ...FileMessage[]];
  if (bytes[offset] === 0) return { message: first, start: offset + 1 };
  const place = decodeMessageIndexes(bytes, offset);
  const message = place && file.byIndexes.get(place.indexes.join());
  return message === undefined ? { message: first, start: offset } : { message, start: place!.end };
}

/** The reader's message of the same name, or else at the same place, so that a message can be renamed. */
function messageForReader(written: FileMessage, reader: ProtoFile): protobuf.Type {
  const found =
    reader.messages.find(({ fullName }) => fullName === written.fullName) ??
    reader.byIndexes.get(written.indexes.join());
  if (found !== undefined) return found.type;
  throw new TidemarkError('SCHEMA_INVALID', `the reader's schema has no message ${written.fullName}`);
}
