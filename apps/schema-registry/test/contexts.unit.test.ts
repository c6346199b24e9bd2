import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withoutContextPath } from '../src/wire/context-path.ts';
import { type HttpOnly, startHttpOnly } from './http-only.ts';

describe('a request below a context is one at the root with qualified names', () => {
  test.each([
    ['/contexts/a/subjects', '/subjects?subjectPrefix=%3A.a%3A'],
    ['/contexts/a/subjects?subjectPrefix=x&deleted=true', '/subjects?deleted=true&subjectPrefix=%3A.a%3Ax'],
    ['/contexts/a/subjects?subjectPrefix=%3A.b%3A', '/subjects?subjectPrefix=%3A.b%3A'],
    ['/contexts/a/subjects/?subjectPrefix=:*:', '/subjects/?subjectPrefix=%3A*%3A'],
    ['/contexts/a/subjects/s/versions', '/subjects/:.a:s/versions'],
    ['/contexts/.a/subjects/s/versions/latest', '/subjects/:.a:s/versions/latest'],
    ['/contexts/:.a:/subjects/s', '/subjects/:.a:s'],
    ['/contexts/%3A.a%3A/subjects/s', '/subjects/:.a:s'],
    ['/contexts/./subjects/s', '/subjects/s'],
    ['/contexts/a/subjects/:.b:s', '/subjects/:.b:s'],
    ['/contexts/a/subjects/%3A.b%3As', '/subjects/%3A.b%3As'],
    ['/contexts/a/subjects/x%2Fy%20z', '/subjects/:.a:x%2Fy%20z'],
    ['/contexts/a/compatibility/subjects/s/versions/1', '/compatibility/subjects/:.a:s/versions/1'],
    ['/contexts/a/associations/subjects/s', '/associations/subjects/:.a:s'],
    ['/contexts/a/config', '/config/:.a:'],
    ['/contexts/a/config/', '/config/:.a:'],
    ['/contexts/a/config/s', '/config/:.a:s'],
    ['/contexts/./config', '/config'],
    ['/contexts/a/mode', '/mode/:.a:'],
    ['/contexts/a/mode/s?defaultToGlobal=true', '/mode/:.a:s?defaultToGlobal=true'],
    ['/contexts/a/schemas/ids/7', '/schemas/ids/7?subject=%3A.a%3A'],
    ['/contexts/a/schemas/ids/7?subject=s', '/schemas/ids/7?subject=%3A.a%3As'],
    ['/contexts/a/schemas/ids/7/versions?subject=:.b:s', '/schemas/ids/7/versions?subject=%3A.b%3As'],
    ['/contexts/a/schemas?latestOnly=true', '/schemas?latestOnly=true&subjectPrefix=%3A.a%3A'],
    ['/contexts/a/schemas/types', '/schemas/types'],
    ['/contexts/a/contexts', '/contexts'],
    ['/contexts', '/contexts'],
    ['/contexts/a', '/contexts/a'],
    ['/contexts/a/', '/contexts/a/'],
    ['/contexts/a:b/subjects', '/contexts/a:b/subjects'],
    ['/subjects/contexts/versions', '/subjects/contexts/versions'],
  ])('%s is %s', (url, rewritten) => {
    expect(withoutContextPath(url, 'GET')).toBe(rewritten);
  });

  test('writes of associations take the context as a parameter', () => {
    expect(withoutContextPath('/contexts/a/associations?dryRun=true', 'POST')).toBe(
      '/associations?dryRun=true&context=%3A.a%3A',
    );
    expect(withoutContextPath('/contexts/a/associations/resources/r', 'GET')).toBe('/associations/resources/r');
  });
});

describe('over HTTP', () => {
  let http: HttpOnly;
  beforeAll(async () => {
    http = await startHttpOnly();
  });
  afterAll(() => http.stop());

  test('the registry gets the qualified name', async () => {
    expect((await http.call('GET', '/contexts/.a/subjects/x%2Fy/versions/1')).status).toBe(200);
    expect(http.recording.last).toMatchObject({ method: 'getVersion', input: [':.a:x/y', 1, {}] });
    await http.call('GET', '/contexts/a/config');
    expect(http.recording.last).toMatchObject({ method: 'getConfig', input: [':.a:', {}] });
  });
});
