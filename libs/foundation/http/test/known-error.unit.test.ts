import { HttpException } from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import { knownErrorOf, problemAnswer } from '../src/index.ts';
import { requestIdOf } from '../src/request-id.ts';
import { RouteTable } from '../src/route-table.ts';

const fastifyError = (code: string): Error => Object.assign(new Error('says Fastify'), { code, statusCode: 400 });

describe('knownErrorOf', () => {
  test('keeps our own errors', () => {
    const error = new TidemarkError('TOPIC_UNKNOWN', 'x');
    expect(knownErrorOf(error)).toBe(error);
  });

  test.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'REQUEST_TOO_LARGE'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'REQUEST_INVALID'],
    ['FST_ERR_SOMETHING_NEW', 'INTERNAL'],
  ])('%s is %s, also wrapped by Nest', (code, expected) => {
    expect(knownErrorOf(fastifyError(code)).code).toBe(expected);
    const wrapped = new HttpException('x', expected === 'INTERNAL' ? 418 : 400, { cause: fastifyError(code) });
    expect(knownErrorOf(wrapped).code).toBe(expected);
  });

  test('names the fields that zod refuses, at most twenty', () => {
    const parsed = z.strictObject({ a: z.object({ b: z.number() }) }).safeParse({ a: { b: 'x' }, c: 1 });
    const error = knownErrorOf(parsed.error);
    expect([error.code, error.context['fields']]).toEqual(['REQUEST_INVALID', 'a.b, c']);
    const many = z.array(z.number()).safeParse(Array.from({ length: 50 }, () => 'x'));
    expect(knownErrorOf(many.error).message).toContain('and 30 more');
  });

  test.each([undefined, null, 'text', 7, new Error('secret')])(
    '%p is a defect, whose message says nothing',
    (thrown) => {
      const error = knownErrorOf(thrown);
      expect([error.code, error.message, error.cause]).toEqual([
        'INTERNAL',
        'An unexpected error ended the request.',
        thrown,
      ]);
    },
  );
});

test('context stands beside the members of a problem and cannot replace them', () => {
  const error = new TidemarkError('TOPIC_UNKNOWN', 'no such topic', { context: { topic: 'a', status: 1, code: 'X' } });
  expect(problemAnswer(error, { path: '/p', requestId: 'r' }).body).toEqual({
    topic: 'a',
    type: 'urn:tidemark:error:TOPIC_UNKNOWN',
    title: error.spec.title,
    status: 404,
    detail: 'no such topic',
    instance: '/p',
    code: 'TOPIC_UNKNOWN',
    remedy: error.remedy,
    retryable: false,
    requestId: 'r',
  });
});

test('request ids that could harm a log or a header are replaced', () => {
  for (const bad of ['', 'a b', 'a\nb', 'é', 'x'.repeat(129), ['a', 'b'], undefined])
    expect(requestIdOf(bad, () => 'new')).toBe('new');
  expect(requestIdOf('0af7651916cd43dd8448eb211c80319c', () => 'new')).toBe('0af7651916cd43dd8448eb211c80319c');
});

test('the route table knows the methods of a path', () => {
  const routes = new RouteTable();
  routes.add(['GET', 'HEAD'], '/v1/topics/:topic');
  routes.add('POST', '/v1/topics/:topic/');
  routes.add('GET', '/v1/topics');
  expect(routes.methodsOf('/v1/topics/orders')).toEqual(['GET', 'HEAD', 'POST']);
  expect(routes.methodsOf('/v1/topics')).toEqual(['GET']);
  expect(routes.methodsOf('/v1/topics/orders/records')).toEqual([]);
});
