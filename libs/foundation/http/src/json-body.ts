import type { FastifyBodyParser, FastifyInstance, FastifyRequest } from 'fastify';
import { TidemarkError } from '#libs/foundation/kernel';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function unreadable(why: string): TidemarkError {
  return new TidemarkError('REQUEST_INVALID', `body: ${why}`, { context: { fields: 'body' } });
}

/** The text of a body. Throws REQUEST_INVALID where bytes would be lost, UNSUPPORTED_MEDIA_TYPE for a compressed one. */
function textOf({ headers }: FastifyRequest, bytes: Buffer): string {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new TidemarkError('UNSUPPORTED_MEDIA_TYPE', `The content encoding ${encoding} is not supported.`);
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    throw unreadable('not valid UTF-8');
  }
}

/** Why a text was refused as JSON: where its syntax is wrong, or else that a key is not allowed. */
function reasonOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return `not valid JSON: ${(error as Error).message}`;
  }
  return 'the keys "__proto__" and "constructor" with a "prototype" are not allowed';
}

/**
 * Takes bodies of the given media types as JSON and refuses all others, and those that are not UTF-8. An empty body counts
 * as none, because many clients send the content type with every request. Keys that could reach an object's prototype are
 * refused. `orNone`: a body without a content type is JSON as well.
 */
export function acceptJson(instance: FastifyInstance, mediaTypes: readonly string[], orNone = false): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  const parseBytes: FastifyBodyParser<Buffer> = (request, bytes, done) => {
    let text: string;
    try {
      text = textOf(request, bytes);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (text.trim() === '') {
      done(null, undefined);
      return;
    }
    void parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(unreadable(reasonOf(text)));
    });
  };
  instance.addContentTypeParser([...mediaTypes], { parseAs: 'buffer' }, parseBytes);
  if (!orNone) return;
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    const type = request.headers['content-type'];
    if (type === undefined) return parseBytes(request, bytes, done);
    done(new TidemarkError('UNSUPPORTED_MEDIA_TYPE', `The media type ${type} is not supported.`));
  });
}
