import { Controller, Get } from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { buildOpenApi, createResponseChecker, Endpoint } from '../src/index.ts';
import { NotesController } from './support/notes.controller.ts';

const document = buildOpenApi([NotesController], { title: 'Notes', version: '1.0.0' });

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Record<string, unknown>;
}

describe('the document', () => {
  test('has every endpoint with its parameters, and none for handlers without a spec', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/v1/notes',
      '/v1/notes/{name}',
      '/v1/notes/fail/{how}',
      '/v1/notes/slow',
      '/v1/notes/tail',
    ]);
    const parameters = document.paths['/v1/notes/{name}']!['get']!['parameters'] as Parameter[];
    expect(parameters.map((parameter) => [parameter.name, parameter.in, parameter.required])).toEqual([
      ['name', 'path', true],
      ['offset', 'query', false],
      ['limit', 'query', false],
      ['x-color', 'header', false],
    ]);
    expect(parameters[2]).toMatchObject({
      description: 'Entries at most, up to 50; default 10.',
      schema: { type: 'string' },
    });
  });

  test('names the role, the error codes by status, and the idempotency key of writes', () => {
    const create = document.paths['/v1/notes']!['post']!;
    expect(create['description']).toContain('Needs the role operator.');
    expect(Object.keys(create.responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '500',
      '503',
    ]);
    expect(create.responses['422']!.description).toContain('IDEMPOTENCY_KEY_REUSED');
    expect((create['parameters'] as Parameter[]).map(({ name }) => name)).toEqual(['Idempotency-Key']);
    expect((create['requestBody'] as { content: unknown }).content).toMatchObject({
      'application/json': { schema: { additionalProperties: false, required: ['name'] } },
    });
    expect(document.paths['/v1/notes/{name}']!['get']!.responses['404']!.description).toContain('TOPIC_UNKNOWN');
    expect(document.paths['/v1/notes/tail']!['get']!.responses['200']!.content).toHaveProperty(['text/event-stream']);
    expect(document.paths['/v1/notes/{name}']!['delete']!.responses['204']!.content).toBeUndefined();
  });

  test('holds named schemas once, by reference, without what JSON Schema does not know', () => {
    expect(Object.keys(document.components.schemas)).toEqual(['Int64', 'Note', 'Problem']);
    expect(document.components.schemas['Note']).toMatchObject({
      additionalProperties: false,
      properties: { offset: { $ref: '#/components/schemas/Int64' } },
    });
    expect(JSON.stringify(document)).not.toContain('"id":"Note"');
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  test('two endpoints cannot have one operation id', () => {
    @Controller('a')
    class Twice {
      @Get('one')
      @Endpoint({ summary: 'One', role: 'viewer', response: z.string(), operationId: 'same' })
      one(): string {
        return '';
      }

      @Get('two')
      @Endpoint({ summary: 'Two', role: 'viewer', response: z.string(), operationId: 'same' })
      two(): string {
        return '';
      }
    }
    expect(() => buildOpenApi([Twice], { title: 'x', version: '1' })).toThrow('operation id same');
  });
});

describe('the checker', () => {
  const check = createResponseChecker(document);
  const json = 'application/json; charset=utf-8';
  const good = {
    method: 'GET',
    path: '/v1/notes/x?limit=1',
    status: 200,
    contentType: json,
    body: { name: 'x', offset: '1', by: 'me' },
  };

  test('accepts what the document describes', () => {
    expect(check(good)).toEqual([]);
    expect(check({ method: 'DELETE', path: '/v1/notes/x', status: 204, contentType: null, body: undefined })).toEqual(
      [],
    );
  });

  test.each([
    ['a missing field', { ...good, body: { name: 'x', offset: '1' } }, "must have required property 'by'"],
    ['a field too much', { ...good, body: { ...good.body, more: 1 } }, 'must NOT have additional properties'],
    ['a number for a 64-bit text', { ...good, body: { ...good.body, offset: 1 } }, '/offset must be string'],
    ['an undocumented status', { ...good, status: 418 }, 'status 418 is not documented'],
    ['another media type', { ...good, contentType: 'text/html' }, "200 as 'text/html' is not documented"],
    ['an unknown path', { ...good, path: '/v2/notes/x' }, '/v2/notes/x is not documented'],
    ['a body where none is', { ...good, method: 'DELETE', status: 204 }, '204 has a body'],
    [
      'a problem without its code',
      { ...good, status: 404, contentType: 'application/problem+json', body: {} },
      "required property 'code'",
    ],
  ])('finds %s', (_name, response, message) => {
    expect(check(response).join('\n')).toContain(message);
  });
});
