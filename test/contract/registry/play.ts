import { expect } from '@jest/globals';
import { startTestRegistry, type TestRegistry } from '../../../apps/schema-registry/test/running-registry.ts';

export { startTestRegistry, type TestRegistry };

/** One request of a story: what is asked, with which body, and the status and body that have to come back. */
export type Step = readonly [request: string, body: unknown, status: number, answer: unknown];

/** No body is sent. */
export const NONE = undefined;

/** The whole body of an error. */
export const refused = (code: number, message: string | RegExp): object =>
  exactly({ error_code: code, message: typeof message === 'string' ? message : expect.stringMatching(message) });

class Exactly {
  readonly body: object;
  constructor(body: object) {
    this.body = body;
  }
}

/** An object without any other field; a plain object as an answer names only some of the fields. */
export const exactly = (body: object): object => new Exactly(body);

/** Asks one after the other, as a client would, and holds every answer against what is wanted. */
export async function play(registry: Pick<TestRegistry, 'ask'>, steps: readonly Step[]): Promise<void> {
  for (const [request, body, status, answer] of steps) {
    const reply = await registry.ask(request, body);
    const seen = { request, status: reply.status, body: reply.body };
    if (answer instanceof Exactly) expect(seen).toEqual({ request, status, body: answer.body });
    else if (answer !== null && typeof answer === 'object' && !Array.isArray(answer)) {
      expect(seen).toMatchObject({ request, status, body: answer });
    } else expect(seen).toEqual({ request, status, body: answer });
  }
}

/** The body of a request that registers, looks up or checks an Avro record; a `?` gives the field a default. */
export const record = (name: string, ...fields: string[]): { schema: string } => ({
  schema: recordText(name, ...fields),
});

export function recordText(name: string, ...fields: string[]): string {
  return JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) =>
      field.endsWith('?') ? { name: field.slice(0, -1), type: 'string', default: '' } : { name: field, type: 'string' },
    ),
  });
}

export const json = (text: string): { schemaType: string; schema: string } => ({ schemaType: 'JSON', schema: text });
export const proto = (text: string): { schemaType: string; schema: string } => ({
  schemaType: 'PROTOBUF',
  schema: text,
});

export const subjectNotFound = (subject: string): object => refused(40401, `Subject '${subject}' not found.`);
export const versionNotFound = (version: number): object => refused(40402, `Version ${version} not found.`);
export const badVersion = (version: string): object =>
  refused(
    42202,
    `The specified version '${version}' is not a valid version id. ` +
      'Allowed values are between [1, 2^31-1] and the string "latest"',
  );
