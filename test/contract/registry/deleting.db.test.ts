import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  badVersion,
  NONE,
  play,
  record,
  refused,
  startTestRegistry,
  subjectNotFound,
  type TestRegistry,
  versionNotFound,
} from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const ONE = record('R', 'a');
const TWO = record('R', 'a', 'b?');

describe('deleting a version', () => {
  test('hides it, keeps its id, and takes a second request to remove it', () =>
    play(registry, [
      ['POST /subjects/v/versions', ONE, 200, { id: 1, version: 1 }],
      ['POST /subjects/v/versions', TWO, 200, { id: 2, version: 2 }],
      [
        'DELETE /subjects/v/versions/2?permanent=true',
        NONE,
        404,
        refused(40407, /^Subject 'v' Version 2 was not deleted first before being permanently deleted$/),
      ],
      ['DELETE /subjects/v/versions/latest', NONE, 200, 2],
      [
        'DELETE /subjects/v/versions/2',
        NONE,
        404,
        refused(40406, "Subject 'v' Version 2 was soft deleted.Set permanent=true to delete permanently"),
      ],
      ['DELETE /subjects/v/versions/9', NONE, 404, versionNotFound(9)],
      ['DELETE /subjects/none/versions/1', NONE, 404, subjectNotFound('none')],
      ['DELETE /subjects/v/versions/first', NONE, 422, badVersion('first')],
      ['GET /subjects/v/versions', NONE, 200, [1]],
      ['GET /subjects/v/versions/2', NONE, 404, versionNotFound(2)],
      ['GET /subjects/v/versions/2?deleted=true', NONE, 200, { id: 2, version: 2, deleted: true }],
      ['GET /subjects/v/versions/latest', NONE, 200, { version: 1 }],
      ['GET /schemas/ids/2', NONE, 200, { schema: TWO.schema }],
      ['GET /schemas/ids/2/versions', NONE, 200, []],
      ['GET /schemas/ids/2/versions?deleted=true', NONE, 200, [{ subject: 'v', version: 2 }]],
      ['GET /subjects/v/versions?deleted=true', NONE, 200, [1, 2]],
      ['GET /subjects/v/versions?deletedOnly=true&deleted=true', NONE, 200, [2]],
      ['GET /subjects/v/versions?deletedAsNegative=true', NONE, 200, [1, -2]],
      ['DELETE /subjects/v/versions/2?permanent=true', NONE, 200, 2],
      ['GET /schemas/ids/2', NONE, 404, refused(40403, 'Schema 2 not found')],
    ]));

  test('and registering its schema again gives its id a new version in its place', () =>
    play(registry, [
      ['POST /subjects/again/versions', record('G', 'a'), 200, { version: 1 }],
      ['POST /subjects/again/versions', record('G', 'a', 'b?'), 200, { version: 2 }],
      ['DELETE /subjects/again/versions/2', NONE, 200, 2],
      ['POST /subjects/again/versions', record('G', 'a', 'b?'), 200, { version: 3, deleted: false }],
      ['GET /subjects/again/versions?deleted=true', NONE, 200, [1, 3]],
      ['DELETE /subjects/again/versions/3', NONE, 200, 3],
      ['DELETE /subjects/again/versions/3?permanent=true', NONE, 200, 3],
      ['POST /subjects/again/versions', record('G', 'a', 'c?'), 200, { version: 2 }],
    ]));

  test('of the last one for good takes the settings of the subject with it', () =>
    play(registry, [
      ['POST /subjects/last/versions', record('L'), 200, { version: 1 }],
      ['PUT /config/last', { compatibility: 'NONE' }, 200, { compatibility: 'NONE' }],
      ['PUT /mode/last', { mode: 'READWRITE' }, 200, { mode: 'READWRITE' }],
      ['DELETE /subjects/last/versions/1', NONE, 200, 1],
      ['GET /config/last', NONE, 200, { compatibilityLevel: 'NONE' }],
      ['DELETE /subjects/last/versions/latest?permanent=true', NONE, 404, versionNotFound(-1)],
      ['DELETE /subjects/last/versions/1?permanent=true', NONE, 200, 1],
      [
        'GET /config/last',
        NONE,
        404,
        refused(40408, "Subject 'last' does not have subject-level compatibility configured"),
      ],
      ['GET /mode/last', NONE, 404, refused(40409, "Subject 'last' does not have subject-level mode configured")],
      ['POST /subjects/last/versions', record('L'), 200, { version: 1 }],
    ]));
});

describe('deleting a subject', () => {
  test('gives the live versions, then all of them for good, and version 1 is next', () =>
    play(registry, [
      ['POST /subjects/s/versions', ONE, 200, { version: 1 }],
      ['POST /subjects/s/versions', TWO, 200, { version: 2 }],
      ['DELETE /subjects/s/versions/1', NONE, 200, 1],
      [
        'DELETE /subjects/s?permanent=true',
        NONE,
        404,
        refused(40405, "Subject 's' was not deleted first before being permanently deleted"),
      ],
      ['DELETE /subjects/s', NONE, 200, [2]],
      [
        'DELETE /subjects/s',
        NONE,
        404,
        refused(40404, "Subject 's' was soft deleted.Set permanent=true to delete permanently"),
      ],
      ['GET /subjects/s/versions/1', NONE, 404, subjectNotFound('s')],
      ['GET /subjects/s/versions/latest', NONE, 404, subjectNotFound('s')],
      ['GET /subjects/s/versions/latest?deleted=true', NONE, 404, versionNotFound(-1)],
      ['GET /subjects/s/versions', NONE, 404, subjectNotFound('s')],
      ['GET /subjects/s/versions?deleted=true', NONE, 200, [1, 2]],
      ['POST /subjects/s', ONE, 404, subjectNotFound('s')],
      ['POST /subjects/s?deleted=true', ONE, 200, { version: 1, deleted: true }],
      ['POST /subjects/s?deleted=true', record('X'), 404, refused(40403, 'Schema not found')],
      ['GET /subjects?deletedOnly=true', NONE, 200, ['s']],
      ['DELETE /subjects/s?permanent=true', NONE, 200, [1, 2]],
      ['DELETE /subjects/s?permanent=true', NONE, 404, subjectNotFound('s')],
      ['GET /subjects?deletedOnly=true', NONE, 200, []],
      ['POST /subjects/s/versions', TWO, 200, { version: 1 }],
    ]));

  test('waits for what refers to it, its own versions apart', () =>
    play(registry, [
      ['POST /subjects/part/versions', record('Part'), 200, { version: 1 }],
      [
        'POST /subjects/whole/versions',
        {
          schema: '{"type":"record","name":"W","fields":[{"name":"p","type":"Part"}]}',
          references: [{ name: 'Part', subject: 'part', version: 1 }],
        },
        200,
        { version: 1 },
      ],
      ['GET /subjects/part/versions/latest/referencedby', NONE, 200, [expect.any(Number)]],
      [
        'DELETE /subjects/part',
        NONE,
        422,
        refused(42206, 'One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=part,version=1}.'),
      ],
      ['DELETE /subjects/part/versions/1', NONE, 422, refused(42206, /^One or more references exist to the schema /)],
      ['DELETE /subjects/whole', NONE, 200, [1]],
      ['GET /subjects/part/versions/1/referencedby', NONE, 200, []],
      ['GET /subjects/part/versions/1/referencedby?deleted=true', NONE, 200, [expect.any(Number)]],
      ['DELETE /subjects/part', NONE, 200, [1]],
      ['DELETE /subjects/part?permanent=true', NONE, 422, refused(42206, /subject=part,version=1/)],
      ['DELETE /subjects/whole?permanent=true', NONE, 200, [1]],
      ['DELETE /subjects/part?permanent=true', NONE, 200, [1]],
      ['POST /subjects/self/versions', record('Part'), 200, { version: 1 }],
      ['PUT /config/self', { compatibility: 'NONE' }, 200, {}],
      [
        'POST /subjects/self/versions',
        {
          schema: '{"type":"record","name":"W","fields":[{"name":"p","type":"Part"}]}',
          references: [{ name: 'Part', subject: 'self', version: 1 }],
        },
        200,
        { version: 2 },
      ],
      ['DELETE /subjects/self/versions/1', NONE, 422, refused(42206, /subject=self,version=1/)],
      ['DELETE /subjects/self', NONE, 200, [1, 2]],
      ['DELETE /subjects/self?permanent=true', NONE, 200, [1, 2]],
    ]));
});
