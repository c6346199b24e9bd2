import { expect, test } from '@jest/globals';
import { checkBind } from '../src/index.ts';

test.each(['127.0.0.1', '127.9.8.7', '::1', '[::1]', 'localhost', '::ffff:127.0.0.1'])(
  '%s needs no credentials',
  (bind) => {
    expect(checkBind(bind, undefined)).toBeUndefined();
  },
);

test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'tidemark.internal', '128.0.0.1'])(
  '%s needs credentials',
  (bind) => {
    expect(checkBind(bind, undefined)).toContain('TIDEMARK_CREDENTIALS_FILE');
    expect(checkBind(bind, '/etc/credentials.json')).toBeUndefined();
  },
);
