import type { FastifyInstance } from 'fastify';
import { TidemarkError } from '#libs/foundation/kernel';

/**
 * Takes bodies of the given media types as JSON and refuses all others. An empty body counts as none, because many
 * clients send the content type with every request. Keys that could reach an object's prototype are refused.
 */
export function acceptJson(instance: FastifyInstance, mediaTypes: readonly string[]): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser([...mediaTypes], { parseAs: 'string' }, (request, body, done) => {
    const text = body as string;
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
  });
}
