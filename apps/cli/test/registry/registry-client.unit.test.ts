import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Interrupted } from '../../src/command-error.ts';
import { registryAccess, sourceAccess } from '../../src/registry/registry-access.ts';
import { zNames } from '../../src/registry/registry-answers.ts';
import { RegistryClient } from '../../src/registry/registry-client.ts';
import { MemoryRegistry, Refusal } from './memory-registry.ts';

let registry: MemoryRegistry;
let url: string;
let waits: number[];
beforeEach(async () => {
  registry = new MemoryRegistry();
  url = await registry.start();
  waits = [];
});
afterEach(() => registry.stop());

const interruption = () => new AbortController();
function client(options: { timeoutMs?: number; interrupted?: AbortSignal } = {}): RegistryClient {
  return new RegistryClient(sourceAccess({ from: url }, {}), {
    interrupted: options.interrupted ?? interruption().signal,
    random: () => 1,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
}

describe('a client of registries', () => {
  test.each([[408], [429], [50_001], [50_301], [504]])(
    'tries again after %d, waiting longer each time, and gives up',
    async (code) => {
      registry.fault = () => new Refusal(code, 'later');
      await expect(client().call('/subjects', zNames)).rejects.toMatchObject({ exitCode: 1, errorCode: code });
      expect(waits).toEqual([200, 400, 800, 1_600, 3_200]);
      expect(registry.requests).toHaveLength(6);
    },
  );

  test.each([[40_401], [42_201], [401]])('does not try again after %d', async (code) => {
    registry.fault = () => new Refusal(code, 'no');
    await expect(client().call('/subjects', zNames)).rejects.toMatchObject({ errorCode: code });
    expect(registry.requests).toHaveLength(1);
  });

  test('a registry that does not answer is given up with how long was waited', async () => {
    registry.fault = () => 'silence';
    await expect(client({ timeoutMs: 50 }).call('/subjects', zNames)).rejects.toMatchObject({
      exitCode: 3,
      message: `cannot reach ${url}: no answer within 0.05 s (tried 6 times)`,
    });
  });

  test('what must not happen twice is sent once', async () => {
    registry.fault = () => 'silence';
    const exchange = { method: 'POST', body: {} } as const;
    await expect(client({ timeoutMs: 50 }).call('/subjects/s/versions', z.unknown(), exchange)).rejects.toMatchObject({
      exitCode: 3,
    });
    expect(registry.requests).toEqual(['POST /subjects/s/versions']);
  });

  test('Ctrl-C ends a request and the waiting for the next one', async () => {
    const controller = interruption();
    registry.fault = () => {
      controller.abort();
      return 'silence';
    };
    await expect(client({ interrupted: controller.signal }).call('/subjects', zNames)).rejects.toBeInstanceOf(
      Interrupted,
    );
    expect(registry.requests).toHaveLength(1);
  });

  test('an answer that no registry gives is said so, with what was expected where', async () => {
    await expect(client().call('/mode', zNames)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(`${url}/mode did not answer as a schema registry does: the answer: `),
      remedy: expect.stringContaining('--from names a schema registry'),
    });
  });
});

describe('access to registries', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  test('of ours: on this machine by default, options win over the environment', () => {
    expect(registryAccess({}, {})).toMatchObject({ url: 'http://127.0.0.1:8081', authorization: undefined });
    const environment = {
      TIDEMARK_REGISTRY_URL: 'https://reg/',
      TIDEMARK_REGISTRY_TOKEN: 'ci.x',
      TIDEMARK_TOKEN: 'r.y',
    };
    expect(registryAccess({}, environment)).toMatchObject({ url: 'https://reg', authorization: 'Bearer ci.x' });
    expect(registryAccess({ user: 'a:b' }, environment)).toMatchObject({ authorization: basic('a:b') });
  });

  test('of others: tokens of any form, and never our own credentials', () => {
    const environment = { TIDEMARK_REGISTRY_TOKEN: 'ci.x', TIDEMARK_USER: 'a:b' };
    expect(sourceAccess({ from: 'http://x' }, environment).authorization).toBeUndefined();
    expect(sourceAccess({ from: 'http://x', fromToken: 'eyJ' }, {}).authorization).toBe('Bearer eyJ');
    const secret = { TIDEMARK_REGISTRY_FROM_USER: 'key:secret' };
    expect(sourceAccess({ from: 'http://x' }, secret).authorization).toBe(basic('key:secret'));
    expect(() => sourceAccess({ from: 'http://key:secret@x' }, {})).toThrow('carries credentials');
  });
});
