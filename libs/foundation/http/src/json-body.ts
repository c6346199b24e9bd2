import type { FastifyBodyParser, FastifyInstance } from 'fastify';
import { TidemarkError } from '#libs/foundation/kernel';

/**
 * Takes bodies of the given media types as JSON and refuses all others. An empty body counts as none, because many
 * clients send the content type with every request. Keys that could reach an object's prototype are refused.
 * `orNone`: a body without a content type is JSON as well.
 */
export function acceptJson(instance: FastifyInstance, mediaTypes: readonly string[], orNone = false): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  const parseText: FastifyBodyParser<string> = (request, text, done) => {
    if (text.trim() === '') {
      done(null, undefined);
      return;
    }
    void parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else
        done(
          new TidemarkError('REQUEST_INVALID', `body: not valid JSON: ${error.message}`, {
            context: { fields: 'body' },
          }),
        );
    });
  };
  instance.addContentTypeParser([...mediaTypes], { parseAs: 'string' }, parseText);
  if (!orNone) return;
  instance.addContentTypeParser('*', { parseAs: 'string' }, (request, text: string, done) => {
    const type = request.headers['content-type'];
    if (type === undefined) return parseText(request, text, done);
    done(new TidemarkError('UNSUPPORTED_MEDIA_TYPE', `The media type ${type} is not supported.`));
  });
}
