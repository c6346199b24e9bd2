import { expect, test } from '@jest/globals';
import { connectionUrl } from '../src/consumer/database/connection-url.ts';

test.each([
  [{}, ''],
  [{ url: 'postgres://a@b/c' }, 'postgres://a@b/c'],
  [{ url: 'postgres://a@b/c?x=1', ssl: true }, 'postgres://a@b/c?x=1&sslmode=require'],
  [{ url: 'postgres://a@b/c?sslmode=verify-full', ssl: true }, 'postgres://a@b/c?sslmode=verify-full'],
  [{ host: 'db', user: 'us er', password: 'p@ss/', database: 'shop' }, 'postgres://us%20er:p%40ss%2F@db:5432/shop'],
  [{ user: 'shop', port: 6432, ssl: true }, 'postgres://shop@localhost:6432/shop?sslmode=require'],
  [{ host: '/run/pg', user: 'a', database: 'b', port: 1 }, 'postgres://a@/b?host=%2Frun%2Fpg&port=1'],
])('%j is reached by %s', (facts, url) => {
  expect(connectionUrl(facts)).toBe(url);
});

test.each([{ password: () => 'x' }, { url: 'postgres://a@b/c', ssl: { ca: 'x' } }, { ssl: true }])(
  'what a URL cannot say is refused with a remedy: %j',
  (facts) => {
    expect(() => connectionUrl(facts)).toThrow(/cannot connect to the database of this pool/);
  },
);
