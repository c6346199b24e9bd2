import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  exactly,
  json,
  NONE,
  play,
  record,
  refused,
  startTestRegistry,
  subjectNotFound,
  type TestRegistry,
} from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

describe('contexts', () => {
  test('are named in subjects and in paths, and are apart from each other', () =>
    play(registry, [
      ['POST /subjects/only-here/versions', record('X'), 200, { id: 1 }],
      ['POST /subjects/:.k:s/versions', record('A'), 200, { id: 1, version: 1 }],
      [
        'POST /contexts/k/subjects/t/versions',
        {
          schema: '{"type":"record","name":"B","fields":[{"name":"a","type":"A"}]}',
          references: [{ name: 'A', subject: 's', version: 1 }],
        },
        200,
        { id: 2, references: [{ name: 'A', subject: 's', version: 1 }] },
      ],
      [
        'GET /contexts/.k/subjects/t/versions/1?referenceFormat=qualified',
        NONE,
        200,
        { subject: ':.k:t', references: [{ name: 'A', subject: ':.k:s', version: 1 }] },
      ],
      ['GET /contexts/:.k:/subjects', NONE, 200, [':.k:s', ':.k:t']],
      ['GET /subjects', NONE, 200, [':.k:s', ':.k:t', 'only-here']],
      ['GET /subjects?subjectPrefix=', NONE, 200, ['only-here']],
      ['GET /subjects?subjectPrefix=:.k:s', NONE, 200, [':.k:s']],
      ['GET /subjects?subjectPrefix=:*:', NONE, 200, [':.k:s', ':.k:t', 'only-here']],
      ['GET /subjects?subjectPrefix=:*:t', NONE, 200, [':.k:t']],
      ['GET /subjects/:.:only-here/versions/1', NONE, 200, { subject: 'only-here' }],
      ['GET /contexts/k/schemas/ids/2/versions', NONE, 200, [{ subject: ':.k:t', version: 1 }]],
      ['GET /contexts/k/schemas?subjectPrefix=s', NONE, 200, [expect.objectContaining({ subject: ':.k:s' })]],
      ['GET /schemas/ids/2/subjects?subject=t', NONE, 200, [':.k:t']],
      [
        'GET /schemas?subjectPrefix=:*:&latestOnly=true',
        NONE,
        200,
        [':.k:s', ':.k:t', 'only-here'].map((subject) => expect.objectContaining({ subject })),
      ],
      ['GET /contexts', NONE, 200, ['.', '.k']],
      ['GET /contexts?offset=1&limit=1', NONE, 200, ['.k']],
      ['GET /contexts?contextPrefix=.x', NONE, 200, []],
      ['GET /contexts/a:b/subjects', NONE, 400, refused(400, 'Context name cannot contain a colon: a:b')],
    ]));

  test('reads without a context go on to the others; listings and named contexts do not', () =>
    play(registry, [
      ['GET /subjects/s/versions/1', NONE, 200, { subject: ':.k:s', version: 1 }],
      ['GET /subjects/s/versions/latest', NONE, 200, { subject: ':.k:s' }],
      ['POST /subjects/s', record('A'), 200, { subject: ':.k:s', id: 1 }],
      ['GET /schemas/ids/2?subject=t', NONE, 200, { subject: ':.k:t', version: 1 }],
      ['GET /subjects/s/versions', NONE, 404, subjectNotFound('s')],
      ['GET /subjects/:.k:only-here/versions/1', NONE, 404, subjectNotFound(':.k:only-here')],
    ]));

  test('can be deleted when they are empty', () =>
    play(registry, [
      ['DELETE /contexts/k', NONE, 422, refused(42211, /^The specified context '\.k' is not empty/)],
      ['DELETE /subjects/:.k:t', NONE, 200, [1]],
      ['DELETE /subjects/:.k:s', NONE, 200, [1]],
      ['DELETE /contexts/k', NONE, 422, { error_code: 42211 }],
      ['DELETE /subjects/:.k:t?permanent=true', NONE, 200, [1]],
      ['DELETE /subjects/:.k:s?permanent=true', NONE, 200, [1]],
      ['DELETE /contexts/k', NONE, 204, undefined],
      ['GET /contexts', NONE, 200, ['.']],
    ]));
});

describe('names', () => {
  test.each(['a/b', 'a b', 'ü-ñ-漢-🙂', 'a+b', 'a%2Fb', "it's", 'constructor', '__proto__', ':x', '  '])(
    'the subject %j is one',
    async (name) => {
      const path = `/subjects/${encodeURIComponent(name)}`;
      await play(registry, [
        [`POST ${path}/versions`, record('N'), 200, { version: 1 }],
        [`GET ${path}/versions/1`, NONE, 200, { subject: name }],
        [`DELETE ${path}`, NONE, 200, [1]],
        [`DELETE ${path}?permanent=true`, NONE, 200, [1]],
      ]);
    },
  );

  test.each(['a%0Ab', 'a%7Fb', '__GLOBAL', '__EMPTY', ':.__GLOBAL:x', 'x'.repeat(2_001)])(
    '%s is none',
    async (name) => {
      for (const request of [
        `POST /subjects/${name}/versions`,
        `POST /subjects/${name}`,
        `POST /compatibility/subjects/${name}/versions`,
      ]) {
        await play(registry, [[request, record('N'), 422, refused(42208, /is not a valid\.$/)]]);
      }
    },
  );

  test('the empty subject is one as well', () =>
    play(registry, [
      ['POST /subjects//versions', record('E'), 200, { version: 1 }],
      ['GET /subjects//versions/latest', NONE, 200, { subject: '' }],
      ['DELETE /subjects/:.:', NONE, 200, [1]],
    ]));

  test('an alias leads to its subject', () =>
    play(registry, [
      ['POST /subjects/real/versions', record('R'), 200, { version: 1 }],
      ['PUT /config/nick', { alias: 'real' }, 200, {}],
      ['GET /subjects/nick/versions/latest', NONE, 200, { subject: 'real' }],
      ['POST /subjects/nick', record('R'), 200, { subject: 'real' }],
      ['POST /subjects/nick/versions', record('R', 'a?'), 200, { version: 2 }],
      ['GET /subjects/real/versions', NONE, 200, [1, 2]],
      ['GET /config/nick', NONE, 200, exactly({ alias: 'real' })],
      [
        'GET /schemas?subjectPrefix=real&aliases=true&latestOnly=true',
        NONE,
        200,
        [expect.objectContaining({ subject: 'real', version: 2, aliases: ['nick'] })],
      ],
    ]));
});

describe('listings', () => {
  test('are whole unless a part is asked for, and ordered', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `list-${String(index).padStart(2, '0')}`);
    await Promise.all(
      names.map((name) => registry.ask(`POST /subjects/${name}/versions`, json(`{"title":"${name}"}`))),
    );
    await play(registry, [
      ['GET /subjects?subjectPrefix=list-', NONE, 200, names],
      ['GET /subjects?subjectPrefix=list-&offset=10&limit=5', NONE, 200, names.slice(10, 15)],
      ['GET /subjects?subjectPrefix=list-&limit=0', NONE, 200, names],
      ['GET /subjects?subjectPrefix=list-&offset=99', NONE, 200, []],
      ['GET /subjects?limit=few', NONE, 404, refused(404, 'HTTP 404 Not Found')],
      [
        'GET /schemas?subjectPrefix=list-&offset=28',
        NONE,
        200,
        names.slice(28).map((subject) => expect.objectContaining({ subject, version: 1 }) as unknown),
      ],
      [
        'GET /schemas?subjectPrefix=list-0&latestOnly=true&limit=1',
        NONE,
        200,
        [expect.objectContaining({ subject: 'list-00' })],
      ],
    ]);
  });
});
