import { describe, expect, test } from '@jest/globals';
import { relayAccess } from '../src/relay/relay-access.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('access to the relay', () => {
  test('by default it is on this machine, and takes everybody', () => {
    expect(relayAccess({}, {})).toEqual({ url: 'http://127.0.0.1:8082', authorization: undefined });
  });

  test('options win over the environment, a token over a user', () => {
    const environment = { TIDEMARK_URL: 'https://relay/', TIDEMARK_USER: 'anna:pä:ss', TIDEMARK_TOKEN: 'ci.secret' };
    expect(relayAccess({}, environment)).toEqual({ url: 'https://relay', authorization: 'Bearer ci.secret' });
    expect(relayAccess({ user: 'bert:x', url: 'http://other' }, environment)).toEqual({
      url: 'http://other',
      authorization: basic('bert:x'),
    });
    expect(relayAccess({}, { TIDEMARK_USER: 'anna:pä:ss' }).authorization).toBe(basic('anna:pä:ss'));
  });

  test.each([
    [{ url: 'relay:8082' }, 'relay:8082 is no URL'],
    [{ url: 'http://' }, 'http:// is no URL'],
    [{ url: 'http://anna:secret@relay' }, 'http://anna:***@relay carries credentials'],
    [{ user: 'anna' }, 'name:password'],
    [{ token: 'secret' }, 'name.secret'],
  ])('%j is refused', (given, message) => expect(() => relayAccess(given, {})).toThrow(message));
});
