import { z } from 'zod';
import { serviceUrl as url, tokenText as token, userText as user } from './access-types.ts';

/**
 * What the `tidemark` command reads. Services know the names too, because people keep both in one environment: a shell,
 * a `.env` file.
 */
export const clientSettings = {
  TIDEMARK_URL: url
    .default('http://127.0.0.1:8082')
    .describe('The relay that the command line talks to.')
    .meta({ type: 'URL' }),
  TIDEMARK_USER: user.describe('name:password of the command line.').meta({ secret: true }),
  TIDEMARK_TOKEN: token
    .describe('Token of the command line, name.secret; wins over TIDEMARK_USER.')
    .meta({ secret: true }),
  TIDEMARK_REGISTRY_URL: url
    .default('http://127.0.0.1:8081')
    .describe('The schema registry that the command line talks to.')
    .meta({ type: 'URL' }),
  TIDEMARK_REGISTRY_USER: user.describe('name:password of the command line at the registry.').meta({ secret: true }),
  TIDEMARK_REGISTRY_TOKEN: token
    .describe('Token of the command line at the registry, name.secret; wins over TIDEMARK_REGISTRY_USER.')
    .meta({ secret: true }),
  TIDEMARK_REGISTRY_FROM_USER: user
    .describe('name:password at the registry that `tidemark registry import` copies.')
    .meta({ secret: true }),
  TIDEMARK_REGISTRY_FROM_TOKEN: z
    .string()
    .regex(/^\S+$/, 'expected a token without spaces')
    .optional()
    .describe('Bearer token at the registry that `tidemark registry import` copies.')
    .meta({ secret: true }),
};
