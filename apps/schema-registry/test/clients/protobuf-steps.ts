import type { FILES } from './generated-files.ts';

/** What a client shall do, with caches that know nothing yet. Values are in Protobuf's JSON. */
export type ProtobufStep =
  | {
      readonly do: 'write';
      readonly topic: string;
      readonly file: keyof typeof FILES;
      /** The full name of the message. */
      readonly message: string;
      readonly value: unknown;
      /** Of the client's serializer; by default it registers what it writes. */
      readonly settings?: object;
    }
  | {
      readonly do: 'read';
      readonly topic: string;
      /** In hex. */
      readonly bytes: string;
      /** The code that shows the value that was read. */
      readonly file: keyof typeof FILES;
    };

/** What came of a step: bytes in hex, a message with its name, or the error that the application sees. */
export interface ProtobufResult {
  readonly bytes?: string;
  readonly message?: string;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly status?: number; readonly errorCode?: number };
}

export interface ProtobufTask {
  readonly url: string;
  readonly client: '1.8.2' | '1.9.0' | '1.10.1';
  readonly steps: readonly ProtobufStep[];
}
